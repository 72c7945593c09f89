import type { Queries } from './database.ts';

export interface AiScanStart {
  /** Workflow id and run id of the job. */
  job: string;
  run: string;
  version: string;
  model: string;
  settings: object;
}

/** The scan of a job's run; begun by its first activity, the same for those that follow. @returns its number */
export async function beginAiScan(sql: Queries, { job, run, version, model, settings }: AiScanStart): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    INSERT INTO ai_scan (job, run, version, model, settings)
    VALUES (${job}, ${run}, ${version}, ${model}, ${JSON.stringify(settings)}::text::jsonb)
    ON CONFLICT (job, run) DO UPDATE SET model = excluded.model RETURNING id`;
  if (!row) throw new Error('A scan that was begun has no number.');
  return row.id;
}
