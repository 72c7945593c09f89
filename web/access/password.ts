import { randomBytes, scrypt, timingSafeEqual, type ScryptOptions } from 'node:crypto';
import { promisify } from 'node:util';

/** Costs from OWASP's Password Storage Cheat Sheet: 32 MB and some tenths of a second for each try. */
const costs = { N: 2 ** 15, r: 8, p: 3 };
const hash = promisify<string, Buffer, number, ScryptOptions, Buffer>(scrypt);
const compute = (password: string, salt: Buffer, { N, r, p }: typeof costs) =>
  hash(password.normalize('NFC'), salt, 32, { N, r, p, maxmem: 256 * N * r });

/** A password as it is kept: hashed with scrypt, with the costs and the salt it was hashed with. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await compute(password, salt, costs);
  return ['scrypt', costs.N, costs.r, costs.p, salt.toString('base64url'), key.toString('base64url')].join('$');
}

/** Whether a password is the one that was hashed. Takes as long where there is none to compare with. */
export async function isPassword(password: string, kept: string | undefined): Promise<boolean> {
  const [, N, r, p, salt = '', key = ''] = (kept ?? '').split('$');
  if (kept === undefined) {
    await compute(password, randomBytes(16), costs);
    return false;
  }
  const found = await compute(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) });
  return timingSafeEqual(found, Buffer.from(key, 'base64url'));
}
