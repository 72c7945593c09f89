import http from 'node:http';

/** True when the address answers a GET with 200. (node:http is there anyway; fetch would cost the supervisor 10 MB.) */
export async function answers(url: string): Promise<boolean> {
  return (await request('GET', url)) === 200;
}

/** Sends JSON. Resolves with the status, or with null when nobody answers within 5 s. */
export async function postJson(url: string, body: unknown): Promise<number | null> {
  return await request('POST', url, JSON.stringify(body));
}

function request(method: string, url: string, body?: string): Promise<number | null> {
  return new Promise((resolve) => {
    const headers = body === undefined ? {} : { 'content-type': 'application/json' };
    const call = http.request(url, { method, headers, agent: false, timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode ?? null);
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(null));
    call.end(body);
  });
}
