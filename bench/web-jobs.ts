import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Lets the embedded Temporal server's list of executions be as long as after an import of so many dirs, one in a hundred of
 * which failed: it is filled with copies of a chain that really ran, for running so many takes long. They have no histories.
 */
export function manyJobs(dataDir: string, chains: number): void {
  const db = new DatabaseSync(path.join(dataDir, 'temporal', 'temporal.sqlite'), { timeout: 60_000 });
  try {
    // Columns that are made of others cannot be written.
    const columns = db
      .prepare(`SELECT name FROM pragma_table_xinfo('executions_visibility') WHERE hidden = 0`)
      .all()
      .map(({ name }) => String(name));
    const other: Record<string, string> = {
      run_id: `printf('00000000-0000-4000-8000-%012d', n)`,
      workflow_id: `'dir/' || n`,
      status: `CASE WHEN n % 100 = 0 THEN 3 ELSE status END`,
      start_time: `strftime('%Y-%m-%d %H:%M:%f000+00:00', start_time, '-' || n || ' seconds')`,
      close_time: `strftime('%Y-%m-%d %H:%M:%f000+00:00', close_time, '-' || n || ' seconds')`,
      search_attributes: `json_set(search_attributes, '$.Keyword07', n)`,
    };
    db.exec(`
      WITH RECURSIVE number (n) AS (SELECT 1000 UNION ALL SELECT n + 1 FROM number WHERE n < ${999 + chains})
      INSERT INTO executions_visibility (${columns.join(', ')})
      SELECT ${columns.map((name) => other[name] ?? name).join(', ')} FROM number,
        (SELECT * FROM executions_visibility WHERE workflow_type_name = 'dirChain' LIMIT 1) AS chain`);
  } finally {
    db.close();
  }
}
