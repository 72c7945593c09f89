import { openDatabase, type Database } from '../../sql/database.ts';

/**
 * The large tables that some queries read all of, by a sequential scan. The very queries of the program are asked and
 * the server's own counts are read: auto_explain would need a library that is not there.
 */
export async function readWhole(databaseUrl: string, ask: (sql: Database) => Promise<unknown>): Promise<string[]> {
  const sql = openDatabase(databaseUrl, { max: 1 });
  try {
    const before = await scans(sql);
    await ask(sql);
    await sql`SELECT pg_stat_force_next_flush()`;
    const after = await scans(sql);
    return ['file', 'content', 'log', 'dir'].filter((table) => (after.get(table) ?? 0) > (before.get(table) ?? 0));
  } finally {
    await sql.end();
  }
}

/** Sequential scans begun, by table. */
async function scans(sql: Database): Promise<Map<string, number>> {
  await sql`SELECT pg_stat_clear_snapshot()`;
  const rows = await sql<
    { relname: string; seq_scan: number }[]
  >`SELECT relname, seq_scan::int FROM pg_stat_user_tables`;
  return new Map(rows.map((row) => [row.relname, row.seq_scan]));
}
