import { createHash } from 'node:crypto';
import { CodedError } from '../../model/errors.ts';

const sumOf = (token: Uint8Array): string => createHash('sha256').update(token).digest('base64url').slice(0, 8);

/** Temporal's token for the next page as text for an address. */
export const writeCursor = (token: Uint8Array): string => `${Buffer.from(token).toString('base64url')}.${sumOf(token)}`;

/** Temporal is asked in vain for a while with a token it can't read, as if it were away. Throws request.invalid. */
export function readCursor(cursor: string): Uint8Array {
  const [text = '', sum] = cursor.split('.');
  const token = Buffer.from(text, 'base64url');
  if (sum === sumOf(token)) return token;
  throw new CodedError('request.invalid', 'The cursor is not one this program gave out.');
}
