/**
 * File names are bytes. Inside the program they travel as byte strings: one character (U+0000–U+00FF) a byte, as
 * Node's 'latin1' encoding makes them; Postgres turns them to and from bytea with convert_to/convert_from 'LATIN1'.
 */
export type ByteString = string;

export const toBytes = (name: ByteString): Buffer => Buffer.from(name, 'latin1');
export const fromBytes = (bytes: Uint8Array): ByteString => Buffer.from(bytes).toString('latin1');
export const fromText = (text: string): ByteString => fromBytes(Buffer.from(text, 'utf8'));

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A name for people: its UTF-8 text, with control characters, and bytes that are not UTF-8, written as `\xNN`.
 * Two different names may look alike (Unicode forms); ids tell them apart.
 */
export function displayName(name: ByteString): string {
  const bytes = toBytes(name);
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    // Not UTF-8: keep what is ASCII, show the rest byte by byte.
    text = name.replace(/[\x80-\xff]/g, (c) => escapeByte(c.charCodeAt(0)));
  }
  // eslint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replace(/[\x00-\x1f\x7f]/g, (c) => escapeByte(c.charCodeAt(0)));
}

const escapeByte = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`;

/** A child's path below its root. */
export const joinPrefix = (prefix: ByteString, name: ByteString): ByteString =>
  prefix === '' ? name : `${prefix}/${name}`;

/** So many bytes a dir's path below its root may have: with a file's name it still fits into an entry of the database's indexes. */
export const longestPrefix = 2400;

/** The path on disk of something below a root. */
export const pathBelow = (rootPath: string, prefix: ByteString): ByteString =>
  prefix === '' ? fromText(rootPath) : `${fromText(rootPath).replace(/\/+$/, '')}/${prefix}`;

/** A name under which a copy is written before it gets its own. No scan sees it. */
export const temporaryName = (id: number, mark: string): ByteString => `.photo-assistant-${id}-${mark}.part`;
export const isTemporary = (name: ByteString): boolean => /^\.photo-assistant-\d+-[0-9a-f]{12}\.part$/.test(name);
