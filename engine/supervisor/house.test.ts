import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { once } from 'node:events';
import postgres from 'postgres';
import { type Config, projectDir, readConfig } from '../../config.ts';
import { CodedError } from '../../model/errors.ts';
import { readHouse } from '../house-file.ts';
import { findProgram, readPriority } from '../priority.ts';
import { createHouse, type House, type HouseOptions } from './house.ts';
import { freePort } from './ports.ts';
import { processStart } from './process-identity.ts';

/** Stands in for the command line: a page that only says that it lives, and workers that write down how they end. */
const stub = `
  import { appendFileSync } from 'node:fs';
  import http from 'node:http';
  import net from 'node:net';
  const { PORT, HOST, PHOTO_ASSISTANT_DATA, DATABASE_URL, TEMPORAL_ADDRESS } = process.env;
  const [, , command, , queue] = process.argv;
  const note = (text) => appendFileSync(PHOTO_ASSISTANT_DATA + '/notes', text + '\\n');
  const answers = (host, port) => new Promise((resolve) => {
    const socket = net.connect(Number(port), host);
    socket.on('connect', () => { socket.destroy(); resolve(true); });
    socket.on('error', () => resolve(false));
  });
  if (command === 'web') {
    http.createServer((_, response) => response.end('ok')).listen(Number(PORT), HOST);
    process.on('SIGTERM', () => { note('web stops'); process.exit(0); });
  } else {
    note(queue + ' starts');
    setInterval(() => {}, 1000);
    process.on('SIGTERM', async () => {
      const url = new URL(DATABASE_URL);
      const [temporalHost, temporalPort] = TEMPORAL_ADDRESS.split(':');
      const all = await Promise.all([answers(url.hostname, url.port), answers(temporalHost, temporalPort), answers(HOST, PORT)]);
      note(queue + ' stops while database, temporal and page answer: ' + all.join());
      process.exit(0);
    });
    console.log('ready');
  }
`;

const noTemporal =
  findProgram('temporal') === null &&
  !existsSync(path.join(projectDir, '.tools', 'temporal')) &&
  'there is no Temporal server on this machine';

const isAlive = (pid: number) => processStart(pid) !== null;

/** With servers of somebody else, which nothing here asks. */
const elsewhere = (config: Config): Config => ({
  ...config,
  databaseUrl: 'postgres://a@127.0.0.1:9/b',
  temporalAddress: '127.0.0.1:9',
});

/** A place for one test: a data folder, a free port, and houses that are stopped when the test is over. */
async function place(t: TestContext) {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'house-'));
  const houses: House[] = [];
  t.after(async () => {
    for (const house of houses) await house.stop();
    rmSync(dir, { recursive: true });
  });
  const main = path.join(dir, 'stub.mjs');
  writeFileSync(main, stub);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PHOTO_ASSISTANT_DATA: path.join(dir, 'data'),
    PORT: String(await freePort()),
    HOST: '127.0.0.1',
    DATABASE_URL: '',
    TEMPORAL_ADDRESS: '',
  };
  const config = readConfig(env);
  const notes = () => readFileSync(path.join(config.dataDir, 'notes'), 'utf8').trim().split('\n');
  const newHouse = (of: Config, options: Partial<HouseOptions> = {}): House => {
    const house = createHouse(of, {
      main,
      say: () => undefined,
      prepareDatabase: async () => undefined,
      lost: (error) => assert.ifError(error),
      ...options,
    });
    houses.push(house);
    return house;
  };
  return { main, env, config, notes, newHouse };
}

async function until(happened: () => boolean): Promise<void> {
  while (!happened()) await sleep(20);
}

const coded =
  (code: string, ...words: string[]) =>
  (error: unknown) =>
    error instanceof CodedError && error.code === code && words.every((word) => error.message.includes(word));

test('a house starts, mends itself, refuses a second one, and stops in order', { skip: noTemporal }, async (t) => {
  const { config, notes, newHouse } = await place(t);
  const prepared: string[] = [];
  const house = newHouse(config, {
    async prepareDatabase(url) {
      const sql = postgres(url, { max: 1 });
      prepared.push(...(await sql`SELECT current_database() AS name`).map(({ name }) => String(name)));
      await sql.end();
      assert.ok(!existsSync(path.join(config.dataDir, 'notes')), 'workers start on a database that is up to date');
    },
  });
  assert.equal(await house.start(), true);
  assert.deepEqual(prepared, ['photo_assistant']);
  const parts = () => readHouse(config.houseFile)?.parts ?? [];
  const pidOf = (name: string) => parts().find((part) => part.name === name)?.pid ?? 0;
  assert.deepEqual(
    parts().map(({ name, status }) => `${name} ${status}`),
    ['web running', 'postgres running', 'temporal running', 'engine running', 'io running', 'ai running'],
  );
  if (findProgram('ionice')) assert.equal((await readPriority(pidOf('io'))).ioClass, 'idle');

  await assert.rejects(
    newHouse(config).start(),
    coded('house.already-running', `process ${process.pid}`, String(config.port)),
  );
  const neighbour = {
    ...config,
    ...readConfig({ PHOTO_ASSISTANT_DATA: `${config.dataDir}-2`, PORT: String(config.port) }),
  };
  await assert.rejects(newHouse(neighbour).start(), coded('house.port-in-use', String(config.port)));

  const killed = ['io', 'ai', 'postgres', 'temporal', 'web'];
  for (const name of killed) process.kill(pidOf(name), 'SIGKILL');
  await until(() =>
    parts().every(({ name, status, restarts }) => status === 'running' && (restarts > 0 || !killed.includes(name))),
  );

  const pids = parts().map(({ pid }) => pid ?? 0);
  await house.stop();
  assert.deepEqual(pids.filter(isAlive), []);
  const ends = notes().filter((line) => line.includes('stops'));
  const answering = 'stops while database, temporal and page answer: true,true,true';
  assert.deepEqual(ends.slice(0, 3).sort(), [`ai ${answering}`, `engine ${answering}`, `io ${answering}`]);
  assert.deepEqual(ends.slice(3), ['web stops']);
  assert.equal(readHouse(config.houseFile), null);
});

test('SIGKILL of the supervisor leaves nothing behind, and the next start finds all in order', async (t) => {
  const { main, env, newHouse } = await place(t);
  // Without a server for it this still shows what it is about: nobody asks the address.
  if (noTemporal) env.TEMPORAL_ADDRESS = '127.0.0.1:9';
  const config = readConfig(env);
  const script = `
    import { createHouse } from ${JSON.stringify(path.join(import.meta.dirname, 'house.ts'))};
    import { readConfig } from ${JSON.stringify(path.join(projectDir, 'config.ts'))};
    const house = createHouse(readConfig(), { main: ${JSON.stringify(main)}, say: () => {}, prepareDatabase: async () => {} });
    console.log(await house.start());
  `;
  const supervisor = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  t.after(() => supervisor.kill('SIGKILL'));
  const [started] = (await once(supervisor.stdout, 'data')) as [Buffer];
  assert.equal(started.toString(), 'true\n');
  const pids = (readHouse(config.houseFile)?.parts ?? []).map(({ pid }) => pid ?? 0);
  assert.ok(pids.length >= 4 && pids.every(isAlive));

  supervisor.kill('SIGKILL');
  await once(supervisor, 'exit');
  const next = newHouse(config);
  assert.equal(await next.start(), true);
  assert.deepEqual(pids.filter(isAlive), []);
  await next.stop();
});

test('a database of somebody else is waited for, and no server of our own is started for it', async (t) => {
  const { config, newHouse } = await place(t);
  const said: string[] = [];
  let asked = 0;
  const house = newHouse(elsewhere(config), {
    say: (line) => said.push(line),
    async prepareDatabase() {
      asked += 1;
      if (asked < 3) throw Object.assign(new Error('nobody there'), { code: 'ECONNREFUSED' });
    },
  });
  assert.equal(await house.start(), true);
  assert.equal(asked, 3);
  assert.equal(said.filter((line) => line.includes('does not answer (nobody there)')).length, 1);
  assert.deepEqual(
    readHouse(config.houseFile)?.parts.map(({ name }) => name),
    ['web', 'engine', 'io', 'ai'],
  );
  assert.ok(!readdirSync(config.dataDir).includes('postgres'));
});

test('a start that fails leaves nothing running and gives the data folder free', async (t) => {
  const { config, newHouse } = await place(t);
  const pids: number[] = [];
  for (let attempt = 0; attempt < 2; attempt += 1) {
    const house = newHouse(elsewhere(config), {
      async prepareDatabase() {
        const pid = () => readHouse(config.houseFile)?.parts[0]?.pid ?? 0;
        await until(() => pid() !== 0);
        pids.push(pid());
        throw new Error('a table is in the way');
      },
    });
    await assert.rejects(house.start(), coded('house.start-failed', 'a table is in the way'));
  }
  assert.equal(pids.length, 2);
  assert.deepEqual(pids.filter(isAlive), []);
});

test('a house can be stopped while it starts', async (t) => {
  const { config, newHouse } = await place(t);
  const reached = Promise.withResolvers<null>();
  const house = newHouse(elsewhere(config), {
    async prepareDatabase() {
      reached.resolve(null);
      throw Object.assign(new Error('nobody there'), { code: 'ECONNREFUSED' });
    },
  });
  const started = house.start();
  await reached.promise;
  await house.stop();
  assert.equal(await started, false);
  assert.equal(await newHouse(elsewhere(config)).start(), true);
});
