import { entryKind } from '../../dist/engine/backup/manifest.js';
import { readArchive } from '../../dist/engine/backup/read-archive.js';

/**
 * The rows of some tables of a backup, as they were written: by table, each row with its columns as Postgres' own texts.
 * @returns {Promise<Map<string, Record<string, string>[]>>}
 */
export const savedRows = async (file, tables) => {
  const texts = new Map(tables.map(({ name }) => [name, '']));
  for await (const { name, content } of readArchive(file, Infinity)) {
    const { table } = entryKind(name) ?? {};
    if (texts.has(table)) texts.set(table, texts.get(table) + content.toString('latin1'));
  }
  return new Map(tables.map(({ name, columns }) => [name, rowsOf(texts.get(name), columns)]));
};

/** The same columns as they are in a database now. */
export const rowsNow = async (sql, table, columns) => {
  const names = columns.map((name) => `"${name}"`).join(', ');
  const chunks = [];
  const rows = await sql.unsafe(`COPY (SELECT ${names} FROM "${table}") TO STDOUT`).readable();
  for await (const chunk of rows) chunks.push(chunk);
  return rowsOf(Buffer.concat(chunks).toString('latin1'), columns);
};

const rowsOf = (text, columns) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => Object.fromEntries(line.split('\t').map((value, i) => [columns[i], value])));
