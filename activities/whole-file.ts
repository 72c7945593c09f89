import { rename, writeFile } from 'node:fs/promises';

/** Writes a file of JSON: who reads it sees all of it or, before that, none. */
export async function writeWhole(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.part`, JSON.stringify(value));
  await rename(`${file}.part`, file);
}
