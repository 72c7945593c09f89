import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a browser or a script shows to be let in: 256 random bits, of which only the SHA-256 is kept. */
export const newKey = (): string => randomBytes(32).toString('base64url');

export const hashOfKey = (key: string): Buffer => createHash('sha256').update(key).digest();

/** What forms of a session carry, so that a page of another session, or of another site, can't send them in its name. */
export const formTokenOf = (key: string): string => createHash('sha256').update(`forms of ${key}`).digest('base64url');

export function isSame(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
