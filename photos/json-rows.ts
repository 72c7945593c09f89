import { createReadStream } from 'node:fs';

const partBytes = 256 * 1024;

/**
 * The rows of a file that is one JSON list of structs without structs in them, in parts: parsed as a whole, a file of tens
 * of megabytes holds up the process for long, and leaves it with memory it needs only once.
 */
export async function* rowsOf(path: URL): AsyncGenerator<unknown[]> {
  let rest = '';
  for await (const text of createReadStream(path, { encoding: 'utf8', highWaterMark: partBytes })) {
    rest += String(text);
    // Within a text a quote has a backslash before it, so this is always the end of a row.
    const end = rest.lastIndexOf('},{"');
    if (end === -1) continue;
    yield parsed(`${rest.slice(0, end)}}]`);
    rest = `[${rest.slice(end + 2)}`;
  }
  yield parsed(rest);
}

function parsed(text: string): unknown[] {
  const rows: unknown = JSON.parse(text);
  if (!Array.isArray(rows)) throw new Error('The file holds no list.');
  return rows;
}
