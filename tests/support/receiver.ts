import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  path: string;
  headers: http.IncomingHttpHeaders;
  body: unknown;
}

export interface Receiver {
  url: string;
  port: number;
  received: Received[];
  /** How the next requests are answered; 200 when none is left. `hang`: not at all. */
  answers: ({ status: number; headers?: http.OutgoingHttpHeaders } | 'hang')[];
  close(): Promise<void>;
}

/** An HTTP server that keeps what it was sent. */
export async function startReceiver(port = 0): Promise<Receiver> {
  const received: Received[] = [];
  const answers: Receiver['answers'] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      received.push({ path: request.url ?? '', headers: request.headers, body: text === '' ? null : JSON.parse(text) });
      const answer = answers.shift() ?? { status: 200 };
      if (answer !== 'hang') response.writeHead(answer.status, answer.headers).end('{}');
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    received,
    answers,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
