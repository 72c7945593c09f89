import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { openDatabase, type Database } from '../sql/database.ts';
import { eventually, type RunningHouse } from '../tests/support/house.ts';
import { generateFaces, people, refimgsEach } from './faces-million.ts';
import { pythonWithFaceRecognition } from './faces-python.ts';
import { duration, withBench } from './house.ts';
import { familyOf } from '../tests/support/processes.ts';
import { memoryOfAll } from './processes.ts';
import { megabytes, print, seconds } from './report.ts';

/** Who many stored faces are, as jobs of a running house, beside numpy over the same matrix. */
export async function benchFacesScale({ faces }: { faces: number }): Promise<void> {
  await withBench(async ({ dir, house }) => {
    mkdirSync(path.join(dir, 'library'));
    const running = await house([path.join(dir, 'library')]);
    await running.until('awaiting jobs');
    const sql = openDatabase(running.house().databaseUrl, { max: 2 });
    try {
      const matrix = path.join(dir, 'faces.f32');
      await generateFaces(sql, faces, matrix);
      const first = await identify(running, sql, {});
      print({ what: `first names of ${faces} faces`, ...told(first), against: '', goal: '(told)', met: true });
      const again = await identify(running, sql, { all: true });
      await running.send('PUT', '/api/settings', { nameThreshold: 0.5 });
      const stricter = await identify(running, sql, { all: true });
      const one = await identify(running, sql, { person: 7, all: true });
      await sql`UPDATE refimg SET active = false WHERE person_id = 7 AND id % 5 = 3`;
      const fewer = await identify(running, sql, { person: 7, all: true });

      const numpy = withNumpy(matrix, faces);
      const beside = (took: number, its: number | undefined) =>
        its === undefined ? '' : `${(took / its).toFixed(1)} × numpy's distances (${seconds(its)})`;
      for (const [what, run] of [
        [`${people} people × ${refimgsEach} refimgs, nothing new`, again],
        ['the same with another threshold', stricter],
      ] as const) {
        print({ what, ...told(run), against: beside(run.took, numpy?.all), goal: '≤ 60 s', met: run.took <= 60 });
      }
      for (const [what, run] of [
        ['one person over all, nothing new', one],
        ['the same with a fifth fewer refimgs', fewer],
      ] as const) {
        print({ what, ...told(run), against: beside(run.took, numpy?.one), goal: '≤ 3 s', met: run.took <= 3 });
      }
      const peak = Math.max(...[first, again, stricter, one, fewer].map((run) => run.memory));
      print({
        what: 'memory of the ai worker meanwhile',
        measured: megabytes(peak),
        against: '',
        goal: '(told)',
        met: true,
      });
    } finally {
      await sql.end();
    }
  });
}

interface Run {
  /** Seconds, as the job's history tells. */
  took: number;
  /** Names given or changed. */
  changed: number;
  /** Bytes of the worker and its helpers at the most. */
  memory: number;
}

const told = ({ took, changed }: Run) => ({ measured: `${seconds(took)}, ${changed} names written` });

async function identify(running: RunningHouse, sql: Database, order: { person?: number; all?: boolean }): Promise<Run> {
  const worker = running.house().parts.find(({ name }) => name === 'ai')?.pid;
  let memory = 0;
  const sampling = setInterval(() => {
    if (worker) memory = Math.max(memory, memoryOfAll(familyOf(worker)));
  }, 500);
  try {
    const { body } = await running.send('POST', '/api/jobs', { kind: 'identifyPerson', ...order });
    const { id } = body as { id: string };
    const job = await eventually(`the end of ${id}`, 1_200_000, async () => {
      const now = await running.job(id);
      return now.endedAt !== null && now;
    });
    if (job.status !== 'completed') throw new Error(`${id} ${job.status}: ${job.error?.message}`);
    const [row] = await sql<{ changed: number }[]>`
      SELECT count(*)::int AS changed FROM file_person_link WHERE ai_scan_id = (SELECT max(id) FROM ai_scan)`;
    return { took: duration(job), changed: row?.changed ?? 0, memory };
  } finally {
    clearInterval(sampling);
  }
}

/** Seconds for one person and for all; null where there is no numpy. */
function withNumpy(matrix: string, faces: number): { one: number; all: number } | null {
  const python = pythonWithFaceRecognition();
  if (!python) return null;
  const args = [path.join(import.meta.dirname, 'distances.py'), matrix, faces, people, refimgsEach].map(String);
  return JSON.parse(execFileSync(python, args, { encoding: 'utf8' })) as { one: number; all: number };
}
