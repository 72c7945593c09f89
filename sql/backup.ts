import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import type { Database, Queries } from './database.ts';

/** A table with the columns that are stored, in their order. */
export interface DumpedTable {
  name: string;
  columns: string[];
}

/** Where the numbers of an identity column go on. */
export interface DumpedSequence {
  table: string;
  column: string;
  last: number;
}

/**
 * True of one run of the product only: who is alive, who is logged in, and whose password was wrong. The migrations are
 * told by their names.
 */
const ofOneRun = ['migration', 'worker', 'session', 'login_try'];

/** All tables that are backed up, each behind those that its foreign keys lead to. */
export async function tablesToDump(sql: Queries): Promise<DumpedTable[]> {
  const tables = await sql<(DumpedTable & { needs: string[] })[]>`
    SELECT c.relname AS name,
           ARRAY(SELECT attname::text FROM pg_attribute
                 WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum) AS columns,
           ARRAY(SELECT f.relname::text FROM pg_constraint JOIN pg_class f ON f.oid = confrelid
                 WHERE conrelid = c.oid AND contype = 'f' AND confrelid <> c.oid) AS needs
    FROM pg_class c WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND NOT relname = ANY (${ofOneRun})
    ORDER BY relname`;
  const sorted: DumpedTable[] = [];
  for (let left = [...tables]; left.length > 0;) {
    const next = left.filter(({ needs }) => needs.every((name) => !left.some((table) => table.name === name)));
    if (next.length === 0) throw new Error(`These tables need each other: ${left.map(({ name }) => name).join(', ')}`);
    sorted.push(...next.map(({ name, columns }) => ({ name, columns })));
    left = left.filter((table) => !next.includes(table));
  }
  return sorted;
}

/** The identity columns of all tables that have given out a number. */
export async function sequencesToDump(sql: Queries): Promise<DumpedSequence[]> {
  return await sql<DumpedSequence[]>`
    SELECT c.relname AS table, attname AS column, s.last_value::float8 AS last
    FROM pg_attribute a JOIN pg_class c ON c.oid = attrelid
      JOIN pg_sequences s ON format('%I.%I', s.schemaname, s.sequencename) = pg_get_serial_sequence(format('%I', c.relname), attname)
    WHERE relnamespace = current_schema()::regnamespace AND attidentity <> '' AND NOT relname = ANY (${ofOneRun})
      AND s.last_value IS NOT NULL
    ORDER BY 1, 2`;
}

/** Runs `work` in a transaction that sees the database as it is now, whatever is written meanwhile. */
export async function atOneMoment<T>(sql: Database, work: (tx: Queries) => Promise<T>): Promise<T> {
  const result = await sql.begin('ISOLATION LEVEL REPEATABLE READ READ ONLY', (tx) =>
    work(tx).then((value) => ({ value })),
  );
  return result.value;
}

/** The rows of a table as Postgres' own text, a line each, as fast as they are taken. */
export async function* copyOut(tx: Queries, table: DumpedTable): AsyncGenerator<Buffer> {
  const rows = await tx.unsafe(`COPY ${columnsOf(table)} TO STDOUT`).readable();
  try {
    yield* rows.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>;
  } finally {
    // The server sends the rest all the same, and hears nothing else before somebody takes it. Where the last rows came while
    // the connection was paused the driver leaves it so: only a wish for more makes it go on.
    rows.resume();
    if (!rows.readableEnded && !rows.errored) await once(rows, 'end');
    rows._read(0);
  }
}

/** Rows on their way into a table. */
export interface RowsIn {
  /** Resolves when more can be taken. Rejects with what the server says of the rows. */
  write(piece: Buffer): Promise<void>;
  /** Resolves when all rows are there. */
  end(): Promise<void>;
  /** Ends it without them: the server waits for rows, and hears nothing else before it is told that none come. */
  cancel(): void;
}

/** Takes rows as `copyOut` gives them. Foreign keys are checked, what is kept by triggers is taken as it comes. */
export async function copyIn(tx: Queries, table: DumpedTable): Promise<RowsIn> {
  await tx.unsafe(`ALTER TABLE ${quoted(table.name)} DISABLE TRIGGER USER`);
  // Not as a prepared query: after a row that is refused nobody would tell the server to go on.
  const rows = await tx.unsafe(`COPY ${columnsOf(table)} FROM STDIN`).writable();
  // Whoever writes is told; between two writes nobody listens.
  rows.on('error', () => undefined);
  return {
    write: (piece) =>
      new Promise((resolve, reject) => {
        rows.write(piece, (error) => (error ? reject(rows.errored ?? error) : resolve()));
      }),
    async end() {
      if (rows.errored) throw rows.errored;
      rows.end();
      // All is written, so its end is as well by then; what the server says to that is told by the next query alone.
      await setImmediate();
      await tx.unsafe(`ALTER TABLE ${quoted(table.name)} ENABLE TRIGGER USER`);
    },
    cancel: () => void rows.destroy(new Error('cut off')),
  };
}

export async function setSequence(tx: Queries, { table, column, last }: DumpedSequence): Promise<void> {
  await tx`SELECT setval(pg_get_serial_sequence(quote_ident(${table}), ${column}), ${last}::text::bigint)`;
}

/** Plans of queries are chosen by what the tables hold; right after loading nobody has counted yet. */
export async function countRows(sql: Queries): Promise<void> {
  await sql`ANALYZE`;
}

/** Whether the tables that would be loaded hold nothing. */
export async function isEmptyDatabase(sql: Queries): Promise<boolean> {
  for (const { name } of await tablesToDump(sql)) {
    if ((await sql.unsafe(`SELECT FROM ${quoted(name)} LIMIT 1`)).length > 0) return false;
  }
  return true;
}

/** Says of the rows that are being loaded which backup they come from, by its sum in hex. It holds when they do. */
export async function noteSource(tx: Queries, sum: string): Promise<void> {
  // A comment, for whatever tables the backup has there is room for it, and no backup of them holds it.
  await tx.unsafe(`COMMENT ON TABLE migration IS 'restored from ${sum}'`);
}

export const forgetSource = async (sql: Queries): Promise<void> => void (await sql`COMMENT ON TABLE migration IS NULL`);

/** Whether the rows in the database are those of a backup, and nobody has used them yet. */
export async function comesFrom(sql: Queries, sum: string): Promise<boolean> {
  const [row] = await sql<{ source: string | null }[]>`
    SELECT obj_description(to_regclass('migration'), 'pg_class') AS source`;
  return row?.source === `restored from ${sum}`;
}

const columnsOf = ({ name, columns }: DumpedTable) => `${quoted(name)} (${columns.map(quoted).join(', ')})`;
const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/**
 * Thumbnails that nothing can be made again from: reference images are cut out of previews whose pictures were uploaded, or
 * are gone. Names as below the folder of thumbnails.
 */
export async function picturesToKeep(tx: Queries): Promise<string[]> {
  // Tables of the first version have none.
  const [known] = await tx`SELECT FROM pg_class WHERE oid = to_regclass('refimg')`;
  if (!known) return [];
  const rows = await tx<{ hash: string }[]>`
    SELECT DISTINCT encode(hash, 'hex') AS hash FROM refimg ORDER BY 1`;
  return rows.flatMap(({ hash }) =>
    [320, 1440].map((size) => `${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}-${size}.webp`),
  );
}
