import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../sql/database.ts';
import { generateLibrary, type GeneratedLibrary } from '../tests/support/generated-library.ts';
import { eventually, type RunningHouse } from '../tests/support/house.ts';
import { settle, writeOld } from '../tests/support/pictures.ts';
import { familyOf } from '../tests/support/processes.ts';
import { withBench, type Bench } from './house.ts';
import { processorTimeOf } from './processes.ts';
import { median, megabytes, print, seconds, timed } from './report.ts';
import { connections, hasWrk, load, type Load } from './web-load.ts';
import { manyJobs } from './web-jobs.ts';

/** What people wait for when 50 ask at once; milliseconds. */
const goal = 50;
const rounds = 3;
/**
 * Long enough that its beginning does not count: 50 connections are accepted one by one, and wrk takes an answer that is late for
 * all those that could have been given meanwhile.
 */
const secondsEach = 15;

interface Case {
  what: string;
  pages: string[];
  as: 'html' | 'json';
  goal: boolean;
}

/**
 * Pages of a large library and their counterparts in the API, asked for on 50 connections: the whole house, with its own
 * Postgres and Temporal server, beside a server of the same framework that only says hello, in turns.
 */
export async function benchWeb({ files }: { files: number }): Promise<void> {
  if (!hasWrk()) return console.log('  wrk is not there: the load on the web server is left out');
  await withBench(async ({ dir, house, after }) => {
    const size = { files, dirs: Math.round(files / 100), faces: Math.round(files * 0.3) };
    const { running, library } = await largeHouse({ dir, house, after }, size);
    const hello = await startHello(after);
    console.log(`  ${files} files, ${size.dirs} dirs, ${size.faces} faces; ${connections} connections`);
    for (const each of casesOf(library, size.dirs)) await measure(each, running, hello);
    for (const each of casesOf(library, size.dirs).filter(({ goal, as }) => goal && as === 'html'))
      await first(each, running);
  });
}

function casesOf({ dirs, persons, words }: GeneratedLibrary, numDirs: number): Case[] {
  const some = (count: number, page: (i: number) => string) => Array.from({ length: count }, (_, i) => page(i));
  const html = (what: string, ...pages: string[]): Case => ({ what, pages, as: 'html', goal: true });
  const json = (what: string, ...pages: string[]): Case => ({ what, pages, as: 'json', goal: true });
  const spread = (what: string, pages: string[]): Case => ({
    what: `${what}, a different one each time`,
    pages,
    as: 'html',
    goal: false,
  });
  return [
    html('status', '/status'),
    html('timeline', '/'),
    html('dir', `/folders/${dirs.usual}`),
    html('dir, a large one', `/folders/${dirs.large}`),
    html('person, in few pictures', `/people/${persons.rare}`),
    html('person, in very many', `/people/${persons.frequent}`),
    html('jobs', '/jobs'),
    html('jobs, imports', '/jobs/import'),
    html('search, a rare word', `/?q=${words.rare}`),
    html('search, a frequent word', `/?q=${words.frequent}`),
    html('search, an old word', `/?q=${words.old}`),
    json('API status', '/api/status'),
    json('API files', '/api/files'),
    json('API files of a dir', `/api/files?dir=${dirs.usual}`),
    json('API files of a person', `/api/files?person=${persons.frequent}`),
    json('API search', `/api/files?q=${words.rare}`),
    json('API dirs', '/api/dirs'),
    json('API jobs', '/api/jobs'),
    spread(
      'dir',
      some(500, (i) => `/folders/${100 + ((i * 19) % (numDirs - 100))}`),
    ),
    spread(
      'person',
      some(persons.rare, (i) => `/people/${i + 1}`),
    ),
    spread(
      'search',
      some(500, (i) => `/?q=event${100 + ((i * 19) % (numDirs - 100))}`),
    ),
  ];
}

/** The page and the hello in turns. */
async function measure({ what, pages, as, goal: hasGoal }: Case, running: RunningHouse, hello: string): Promise<void> {
  const warm = await load(running.url, pages, as, 2);
  let cpu = 0;
  let requests = 0;
  const measured: Load[] = [];
  const hellos: Load[] = [];
  for (let i = 0; i < rounds; i++) {
    hellos.push(await load(hello, ['/'], 'html', 2));
    const before = cpuOf(running);
    const one = await load(running.url, pages, as, secondsEach);
    cpu += cpuOf(running) - before;
    requests += one.perSecond * secondsEach;
    measured.push(one);
  }
  const of = (loads: Load[], key: keyof Load) => median(loads.map((each) => each[key]));
  const p99 = of(measured, 'p99');
  const failed = [warm, ...measured].reduce((sum, each) => sum + each.failed, 0);
  const percentiles = (['p50', 'p97_5', 'p99'] as const).map((key) => of(measured, key).toFixed(1)).join(' / ');
  print({
    what,
    measured: `${percentiles} ms, ${Math.round(of(measured, 'perSecond'))}/s, ${((cpu / requests) * 1000).toFixed(2)} ms CPU each`,
    against: `${(p99 / of(hellos, 'p99')).toFixed(1)} × hello (${of(hellos, 'p99').toFixed(1)} ms, ${Math.round(of(hellos, 'perSecond'))}/s)${failed > 0 ? `, ${failed} FAILED` : ''}; web ${memoryOf(running)}`,
    goal: hasGoal ? `p99 ≤ ${goal} ms` : '(told)',
    met: failed === 0 && (!hasGoal || p99 <= goal),
  });
}

/** What the first one waits who asks after the web server was started. */
async function first({ what, pages: [page = '/'] }: Case, running: RunningHouse): Promise<void> {
  const before = webOf(running);
  if (before) process.kill(before, 'SIGTERM');
  await eventually(
    'the web server',
    60_000,
    async () => webOf(running) !== before && (await fetch(`${running.url}/healthz`)).ok,
    50,
  );
  const took = await timed(
    async () => await (await fetch(running.url + page, { headers: { accept: 'text/html' } })).text(),
  );
  print({ what: `${what}, first after the start`, measured: seconds(took), against: '', goal: '(told)', met: true });
}

const webOf = (running: RunningHouse): number | null | undefined =>
  running.house().parts.find((part) => part.name === 'web')?.pid;

/** What the servers that answer have spent on processors since their start, in seconds: this is told by no other load. */
function cpuOf(running: RunningHouse): number {
  const servers = running.house().parts.filter(({ name }) => ['web', 'postgres', 'temporal'].includes(name));
  return processorTimeOf(servers.flatMap(({ pid }) => (pid === null ? [] : familyOf(pid))));
}

/** Resident now, and at most since its start. */
function memoryOf(running: RunningHouse): string {
  const status = readFileSync(`/proc/${webOf(running)}/status`, 'utf8');
  const of = (name: string) => megabytes(Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1] ?? 0) * 1024);
  return `${of('VmRSS')}, at most ${of('VmHWM')}`;
}

/** A house that has imported a little, so that there are jobs of all kinds; then the tables are of a large library. */
async function largeHouse({ dir, house, after }: Bench, size: { files: number; dirs: number; faces: number }) {
  const photos = path.join(dir, 'photos');
  for (let d = 0; d < 40; d++) {
    writeOld(path.join(photos, `d${d}`, 'note.txt'), `note ${d}`);
    settle(path.join(photos, `d${d}`));
  }
  settle(photos);
  const running = await house([photos], { faces: false });
  await running.until('awaiting jobs');
  manyJobs(running.dataDir, size.dirs);
  const sql = openDatabase(running.house().databaseUrl, { max: 1 });
  after(() => sql.end());
  await sql`TRUNCATE root, dir, content, file, log, person, ai_scan, move_plan RESTART IDENTITY CASCADE`;
  const library = await generateLibrary(sql, size);
  return { running, library };
}

async function startHello(after: Bench['after']): Promise<string> {
  const program = fileURLToPath(new URL(`./web-hello${path.extname(import.meta.url)}`, import.meta.url));
  const hello = spawn(process.execPath, [...process.execArgv, program], { stdio: ['ignore', 'pipe', 'inherit'] });
  after(() => hello.kill());
  const [said] = (await once(hello.stdout, 'data')) as [Buffer];
  return said.toString().trim();
}
