import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import postgres from 'postgres';
import { root } from '../sources.mjs';

export const program = join(root, 'dist/cli/main.js');

let failed = 0;
export const step = (text) => console.log(`\n${text}`);
export const check = (what, isSo, why = '') => {
  console.log(`  ${isSo ? 'good' : 'BAD '}  ${what}${isSo || !why ? '' : `: ${why}`}`);
  if (!isSo) failed++;
};

/** Compares two texts or values; on a difference the first few that differ are shown. */
export const checkSame = (what, is, was) => {
  const [now, before] = [is, was].map((value) => JSON.stringify(value, null, 1).split('\n'));
  const differing = now.filter((line, i) => line !== before[i]).slice(0, 4);
  check(what, now.join() === before.join(), `${differing.join(' ')} (${now.length} lines, ${before.length} before)`);
};

/** Runs a drill in a directory of its own, which goes again, and tells how it ended. */
export const drill = async (name, run) => {
  const place = mkdtempSync(join(tmpdir(), `photo-assistant-${name}-drill-`));
  const houses = [];
  const tidy = async () => {
    for (const house of houses) await house.stop();
    rmSync(place, { recursive: true, force: true, maxRetries: 5 });
  };
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void tidy().then(() => process.exit(130)));
  console.log(`Drill: ${name}, in ${place}. Nothing of yours is touched.`);
  try {
    await run({ place, start: async (options) => houses[houses.push(await startHouse(options)) - 1] });
  } catch (error) {
    check('the drill goes through to its end', false, error.stack);
  }
  await tidy();
  console.log(failed === 0 ? `\nVerdict: the ${name} drill went well.` : `\nVerdict: ${failed} things went wrong.`);
  process.exitCode = failed === 0 ? 0 : 1;
};

const environment = (dataDir, more = {}) => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  TZ: 'UTC',
  PHOTO_ASSISTANT_DATA: dataDir,
  ...more,
});

/** A command of the program on a data folder: its exit code and what it said. */
export const command = async (dataDir, ...args) => await run(dataDir, args);

/** The same, killed as soon as it has said something. */
export const killedAt = async (said, dataDir, ...args) =>
  await run(dataDir, args, (child, output) => output.includes(said) && child.kill('SIGKILL'));

const run = async (dataDir, args, onOutput = () => {}) => {
  const child = spawn(process.execPath, [program, ...args], {
    env: environment(dataDir),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text;
      onOutput(child, output);
    });
  }
  const [code] = await once(child, 'close');
  return { code, output };
};

/** Below those that systems give to outgoing connections and to servers that name none: nobody else takes it meanwhile. */
const freePort = async () => {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    server.close();
    if (isFree) return port;
  }
};

/** Polls until `look` gives something. */
export const eventually = async (what, look, seconds = 300) => {
  let last;
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(300)) {
    try {
      const found = await look();
      if (found) return found;
    } catch (error) {
      last = error;
    }
  }
  throw new Error(`waited ${seconds} s in vain for ${what}`, { cause: last });
};

/** The whole product on a data folder. */
const startHouse = async ({ dataDir, imports = [] }) => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = imports.length > 0 ? ['--import', ...imports] : [];
  const child = spawn(process.execPath, [program, 'start', ...args], {
    env: environment(dataDir, { PORT: String(port) }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
  const exited = once(child, 'exit');
  const send = async (method, where, body) => {
    const response = await fetch(url + where, {
      method,
      headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${where} answered ${response.status}: ${JSON.stringify(answer)}`);
    return answer;
  };
  const get = (where) => send('GET', where);
  const house = {
    url,
    output: () => output,
    get,
    send,
    databaseUrl: () => JSON.parse(readFileSync(join(dataDir, 'house.json'), 'utf8')).databaseUrl,
    until: (state) => eventually(`${state}\n${output}`, async () => (await get('/api/status')).state === state),
    ended: (id) =>
      eventually(`the end of ${id}`, async () => {
        const job = await get(`/api/jobs/${encodeURIComponent(id)}`);
        return job.endedAt && job;
      }),
    idle: () => eventually('all jobs to end', async () => (await get('/api/status')).jobs.running === 0),
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await exited;
    },
  };
  await eventually(`the page at ${url}\n${output}`, async () => {
    if (child.exitCode !== null) return true;
    return (await fetch(`${url}/readyz`)).ok;
  });
  if (child.exitCode !== null) throw new Error(`it did not start: ${output}`);
  return house;
};

/** Writes files dated long ago, so that nothing takes them for still being written. */
export const writeFiles = (dir, files) => {
  const when = new Date('2024-05-04T12:00:00Z');
  for (const [name, data] of Object.entries(files)) {
    const file = join(dir, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, data);
    utimesSync(file, when, when);
    utimesSync(dirname(file), when, when);
  }
  utimesSync(dir, when, when);
};

/** All that is known, but for what tells of the time of a run: logs, workers, when a path was looked at. */
export const known = async (url, isRead = true) => {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  const leftOut = ['log', 'worker', 'migration', 'session', 'login_try', 'audit'];
  const ofRun = ['last_scan', 'scanned_from', 'watched_dirs', 'watch_trouble', 'checked_to', 'device'];
  // When it was read and decoded: equal, unless it was done again.
  const ofReading = ['read_at', 'decode_ms'];
  const all = {};
  const tables =
    await sql`SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`;
  for (const { name } of tables.filter((table) => !leftOut.includes(table.name))) {
    const rows =
      await sql`SELECT to_jsonb(t) - ${[...ofRun, ...(isRead ? [] : ofReading)]}::text[] AS row FROM ${sql(name)} t`;
    all[name] = rows.map(({ row }) => JSON.stringify(row)).sort();
  }
  await sql.end();
  return all;
};
