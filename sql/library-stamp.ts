import type { Queries } from './database.ts';

/**
 * A text that is another one whenever files came, changed, were read, were described or went, or paths were added or taken
 * out: all of these leave their mark on the dirs.
 */
export async function libraryStamp(sql: Queries): Promise<string> {
  const [row] = await sql<{ stamp: string }[]>`
    SELECT concat_ws(' ', count(*), sum(dir.id), sum(num_files), sum(num_read), sum(num_failed), max(dir.last_scan),
                     max(dir.missing_since), count(*) FILTER (WHERE described)) AS stamp
    FROM dir JOIN root ON root.id = dir.root_id WHERE root.removed_at IS NULL`;
  return row?.stamp ?? '';
}
