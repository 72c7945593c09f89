import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import Type from 'typebox';
import Value from 'typebox/value';
import { openDatabase } from '../sql/database.ts';
import type { RunningHouse } from '../tests/support/house.ts';
import { writePhotoLibrary } from '../tests/support/pictures.ts';
import { withBench } from './house.ts';
import { familyOf } from '../tests/support/processes.ts';
import { median, print } from './report.ts';

/** How long each measurement takes, in seconds. */
const measureSeconds = 10;

/** What a program in the foreground got done in that time. */
interface Foreground {
  /** Random reads a second, past the page cache. */
  reads: number;
  /** Rounds of a loop a second. */
  rounds: number;
}

type Mode = 'idle machine' | 'import' | 'import at normal priority';

/**
 * What a full import costs other programs: a reader (fio) and a loop in the foreground, on an idle machine, beside an import as it
 * is, and beside the same import at normal priority, in turns.
 */
export async function benchForeground({ pictures, rounds }: { pictures: number; rounds: number }): Promise<void> {
  if (!hasFio()) {
    console.log('- foreground: left out, for there is no fio (apt install fio)');
    return;
  }
  await withBench(async ({ dir, house }) => {
    const library = path.join(dir, 'library');
    await writePhotoLibrary(library, { dirs: 8, filesADir: Math.ceil(pictures / 8) });
    const file = path.join(dir, 'fio');
    // Written once; what is measured reads it.
    fio(file, ['--rw=write', '--bs=1M']);
    const running = await house([library], { faces: false });
    await running.until('awaiting jobs');

    const got: Record<Mode, Foreground[]> = { 'idle machine': [], import: [], 'import at normal priority': [] };
    for (let round = 0; round < rounds; round++) {
      got['idle machine'].push(await foreground(file));
      for (const mode of ['import', 'import at normal priority'] as const) {
        setPriority(running, mode === 'import');
        const stop = await keepImporting(running);
        got[mode].push(await foreground(file));
        await stop();
      }
    }
    for (const what of ['reads', 'rounds'] as const) {
      const of = (mode: Mode) => median(got[mode].map((each) => each[what]));
      const lost = (mode: Mode) => 100 * (1 - of(mode) / of('idle machine'));
      print({
        what: what === 'reads' ? 'random reads beside a full import' : 'a processor loop beside a full import',
        measured: `${lost('import').toFixed(1)} % less (ratio ${(of('import') / of('idle machine')).toFixed(2)})`,
        against: `${lost('import at normal priority').toFixed(1)} % less at normal priority`,
        goal: '≤ 10 % less',
        met: lost('import') <= 10,
      });
    }
  });
}

function hasFio(): boolean {
  try {
    execFileSync('fio', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const fioArgs = (file: string, more: readonly string[]) => [
  ...[
    '--name=foreground',
    `--filename=${file}`,
    '--size=256M',
    '--direct=1',
    '--ioengine=psync',
    '--output-format=json',
  ],
  ...more,
];

const fio = (file: string, more: readonly string[]): string =>
  execFileSync('fio', fioArgs(file, more), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

const FioResult = Type.Object({ jobs: Type.Array(Type.Object({ read: Type.Object({ iops: Type.Number() }) })) });

/** Reader and loop side by side, as programs of their own at normal priority. */
async function foreground(file: string): Promise<Foreground> {
  const time = [`--runtime=${measureSeconds}`, '--time_based'];
  const [read, loop] = await Promise.all([
    outputOf('fio', fioArgs(file, ['--rw=randread', '--bs=4k', ...time])),
    outputOf(process.execPath, ['-e', processorLoop]),
  ]);
  const [job] = Value.Parse(FioResult, Value.Clean(FioResult, JSON.parse(read))).jobs;
  return { reads: job?.read.iops ?? NaN, rounds: Number(loop) };
}

const processorLoop = `
  const end = performance.now() + ${measureSeconds * 1000};
  let rounds = 0, x = 1;
  while (performance.now() < end) { for (let i = 0; i < 1e5; i++) x = (x * 16807) % 2147483647; rounds++; }
  console.log(x > 0 ? rounds / ${measureSeconds} : 0);`;

async function outputOf(program: string, args: readonly string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${code}`);
  return output;
}

/** The workers and all they have started; they themselves start others with the priority that they have. */
function setPriority(house: RunningHouse, idle: boolean): void {
  const workers = house.house().parts.filter(({ name }) => ['engine', 'io', 'ai'].includes(name));
  // Each thread has a priority of its own.
  const threads = workers.flatMap(({ pid }) => (pid === null ? [] : familyOf(pid))).flatMap(threadsOf);
  // One may have ended meanwhile; the others are set all the same.
  const set = (program: string, args: string[]) => {
    try {
      execFileSync(program, [...args, ...threads], { stdio: 'ignore' });
    } catch {
      return;
    }
  };
  set('renice', ['-n', idle ? '19' : '0', '-p']);
  // It does the work; a kernel that does not group by session has no such file.
  const session = `/proc/${workers.find(({ name }) => name === 'io')?.pid}/autogroup`;
  if (existsSync(session)) writeFileSync(session, idle ? '19' : '0');
  set('ionice', idle ? ['-c', '3', '-p'] : ['-c', '2', '-n', '4', '-p']);
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** Has everything read anew, again and again. @returns what ends that */
async function keepImporting(house: RunningHouse): Promise<() => Promise<void>> {
  const stopped = new AbortController();
  const importAgain = async () => {
    while (!stopped.signal.aborted) {
      await forgetContents(house);
      await house.send('POST', '/api/jobs', { kind: 'importPath', root: 1 });
      await house.ended('import/1', 600_000);
    }
  };
  const importing = importAgain();
  // Measured is an import in full swing.
  await sleep(3_000);
  return async () => {
    stopped.abort();
    await house.send('POST', '/api/jobs/import%2F1/cancel');
    await importing;
  };
}

/** As if nothing had been read yet: each file is read, decoded and described again. */
async function forgetContents(house: RunningHouse): Promise<void> {
  const sql = openDatabase(house.house().databaseUrl, { max: 1 });
  try {
    await sql`UPDATE file SET read_at = NULL, hash = NULL`;
    await sql`DELETE FROM content`;
    await sql`UPDATE dir SET num_read = 0, num_failed = 0, described = false`;
  } finally {
    await sql.end();
  }
}
