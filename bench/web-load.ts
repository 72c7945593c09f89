import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';

const Load = Type.Object({
  /** How long answers took, in milliseconds. */
  p50: Type.Number(),
  p97_5: Type.Number(),
  p99: Type.Number(),
  max: Type.Number(),
  perSecond: Type.Number(),
  /** Requests without an answer, or with one that is no success. */
  failed: Type.Integer(),
});
export type Load = Static<typeof Load>;

export const connections = 50;
const script = fileURLToPath(new URL('web-load.lua', import.meta.url));

/** As a browser asks for a page, and a program for JSON. */
const accepts = { html: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', json: 'application/json' };

/** Asks some pages of a server in turn, on 50 connections, each with its next question as soon as it has its answer. */
export async function load(
  url: string,
  pages: readonly string[],
  as: keyof typeof accepts,
  seconds: number,
): Promise<Load> {
  const options = [
    '-t',
    '1',
    '-c',
    String(connections),
    '-d',
    String(seconds),
    '--timeout',
    '30s',
    '-H',
    `accept: ${accepts[as]}`,
  ];
  const { stdout } = await promisify(execFile)('wrk', [...options, '-s', script, url, '--', ...pages]);
  return Value.Parse(Load, JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
}

export function hasWrk(): boolean {
  try {
    execFileSync('wrk', ['-v'], { stdio: 'ignore' });
  } catch (error) {
    // It says its version with an exit code of 1.
    return error instanceof Error && 'status' in error && error.status === 1;
  }
  return true;
}
