import type { LogLevel, LogLine } from '../model/job.ts';
import { iso, type Queries } from './database.ts';

export interface NewLogLine {
  job: string;
  root?: number | null;
  dir?: number | null;
  file?: number | null;
  level: LogLevel;
  text: string;
  /** How many files this line reports as done. */
  files?: number;
}

/** Adds lines to jobs' logs. */
export async function writeLog(sql: Queries, lines: readonly NewLogLine[]): Promise<void> {
  if (lines.length === 0) return;
  const rows = lines.map((line) => ({
    job: line.job,
    root_id: line.root ?? null,
    dir_id: line.dir ?? null,
    file_id: line.file ?? null,
    level: line.level,
    text: line.text.replaceAll('\0', '\\x00'),
    files: line.files ?? 0,
  }));
  await sql`INSERT INTO log ${sql(rows)}`;
}

/** A job's log, oldest first. `after` is the id of the last line already seen; without it, the newest `limit` lines. */
export async function readLog(
  sql: Queries,
  { job, after, level, limit }: { job: string; after?: number; level?: LogLevel; limit: number },
): Promise<LogLine[]> {
  const lines = await sql<LogLine[]>`
    SELECT id::int, ${iso(sql, 'at')} AS at, job, dir_id AS dir, file_id AS file, level, text FROM log
    WHERE job = ${job} AND id > ${after ?? 0} ${level ? sql`AND level = ${level}` : sql``}
    ORDER BY id ${after === undefined ? sql`DESC` : sql`ASC`} LIMIT ${limit}`;
  return after === undefined ? lines.reverse() : lines;
}

/** Forgets lines older than the jobs themselves are kept. */
export async function forgetLog(sql: Queries, days: number): Promise<void> {
  await sql`DELETE FROM log WHERE at < now() - make_interval(days => ${days})`;
}

/**
 * Files a second over the last half minute, as the log tells: `job` by workflow id, and `root` for all dir chains of a
 * path together. What did nothing in that time is not in it.
 */
export async function recentRates(sql: Queries): Promise<{ job: Map<string, number>; root: Map<number, number> }> {
  const rows = await sql<{ job: string; root: number | null; dir: number | null; files: number; seconds: number }[]>`
    SELECT job, max(root_id) AS root, max(dir_id) AS dir, sum(files)::int AS files,
           greatest(extract(epoch FROM now() - min(at)), 5)::float8 AS seconds
    FROM log WHERE at > now() - interval '30 seconds' AND files > 0 GROUP BY job`;
  const job = new Map(rows.map((row) => [row.job, row.files / row.seconds]));
  const root = new Map<number, number>();
  for (const [id, chains] of Map.groupBy(
    rows.filter((row) => row.dir !== null && row.root !== null),
    (row) => row.root ?? 0,
  )) {
    const files = chains.reduce((sum, row) => sum + row.files, 0);
    root.set(id, files / Math.max(...chains.map((row) => row.seconds)));
  }
  return { job, root };
}
