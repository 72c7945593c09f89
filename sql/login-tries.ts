import type { Database, Queries } from './database.ts';

/** So many tries are free; each one after them waits twice as long as the one before, up to the limit of its key. */
const freeTries = 5;

/**
 * Takes one try for each key, all or none, in one step: many tries at once wait as well. `limit`: the longest wait, in
 * seconds. @returns 0, or after how many seconds it may be tried again
 */
export async function takeTry(sql: Database, keys: readonly { key: string; limit: number }[]): Promise<number> {
  const names = keys.map(({ key }) => key);
  const wait = await sql.begin(async (tx) => {
    // In one order for all, so that no two wait for each other.
    for (const { key, limit } of keys.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
      const [row] = await tx<{ wait: number }[]>`
        INSERT INTO login_try AS t (key) VALUES (${key})
        ON CONFLICT (key) DO UPDATE SET tries = t.tries
        RETURNING CASE WHEN tries < ${freeTries} THEN 0
          ELSE ceil(extract(epoch FROM tried_at - now()) + least(2 ^ least(tries - ${freeTries}, 20), ${limit}))::int END AS wait`;
      if (!row || row.wait <= 0) continue;
      // Whoever has to wait may send as many names as they like: nothing is kept of them.
      await tx`DELETE FROM login_try WHERE key = ANY (${names}) AND tries = 0`;
      return row.wait;
    }
    await tx`
      UPDATE login_try SET tries = tries + 1, tried_at = now() WHERE key = ANY (${names})`;
    return 0;
  });
  await sql`DELETE FROM login_try WHERE tried_at < now() - interval '1 day'`;
  return wait;
}

/** After a login: the tries that led to it count no more. */
export async function forgetTries(sql: Queries, keys: readonly string[]): Promise<void> {
  await sql`DELETE FROM login_try WHERE key = ANY (${keys})`;
}
