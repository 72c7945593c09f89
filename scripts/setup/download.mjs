import { createWriteStream } from 'node:fs';
import { get } from 'node:https';
import { pipeline } from 'node:stream/promises';

const answerMs = 5000;
const silentMs = 20_000;

/**
 * Fetches an address into a file. Gives up early, for other ways are tried next: 5 s without an answer, 20 s without
 * data.
 * @param {string} url
 * @param {string} path
 * @param {(detail: string) => void} report
 */
export const download = async (url, path, report) => {
  const response = await follow(url, 5);
  const total = Number(response.headers['content-length']);
  let received = 0;
  response.on('data', (chunk) => {
    received += chunk.length;
    report(total ? `${Math.floor((100 * received) / total)} % of ${megabytes(total)}` : megabytes(received));
  });
  response.setTimeout(silentMs, () => response.destroy(new Error('it stopped sending')));
  await pipeline(response, createWriteStream(path));
};

/**
 * Throws where nobody answers at an address within 5 s.
 * @param {string} url
 */
export const reach = async (url) => (await answer(url)).destroy();

const megabytes = (bytes) => `${Math.round(bytes / 1e6)} MB`;

const follow = async (url, hops) => {
  const response = await answer(url);
  const { statusCode, headers } = response;
  if (statusCode >= 300 && statusCode < 400 && headers.location && hops > 0) {
    response.resume();
    return follow(new URL(headers.location, url), hops - 1);
  }
  if (statusCode !== 200) {
    response.resume();
    throw new Error(`HTTP status ${statusCode}`);
  }
  return response;
};

const answer = (url) =>
  new Promise((resolve, reject) => {
    const request = get(url, (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    const timer = setTimeout(() => request.destroy(new Error(`no answer in ${answerMs / 1000} s`)), answerMs);
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
  });
