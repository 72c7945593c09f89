import { once } from 'node:events';
import { appendFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { root } from '../../sources.mjs';

const dist = path.join(root, 'dist');
/** The built command line. */
export const main = path.join(dist, 'cli', 'main.js');
const built = (name) => import(path.join(dist, name));

const port = 4800;
const postgresPort = 5432;

/** A program's own environment: nothing of what is set for whoever runs the drill. */
const environment = (more) => ({ PATH: process.env.PATH, HOME: '/nonexistent', TZ: 'UTC', ...more });

/** Postgres, Temporal and the page on a host, on its address for all to reach; with the drill's own way to ask them. */
export async function startServers(host, dataDir, token) {
  mkdirSync(dataDir, { recursive: true });
  const logs = path.join(dataDir, 'logs');
  const children = [];
  /** Starts a program that ends with these servers. */
  const startOn = (where, command, options) => {
    const child = where.start(command, options);
    children.push(child);
    return child;
  };
  const start = (log, command, options = {}) => startOn(host, command, { env: environment({}), logs, log, ...options });

  const { embeddedPostgres } = await built('engine/supervisor/postgres.js');
  const { plan: postgres, databaseUrl: ownUrl } = await embeddedPostgres(dataDir, postgresPort);
  appendFileSync(path.join(dataDir, 'postgres', 'cluster', 'pg_hba.conf'), 'host all all 10.77.0.0/24 scram-sha-256\n');
  const launch = await postgres.launch();
  start('postgres', [...launch.command, '-c', `listen_addresses=${host.address}`], { ...launch });
  const url = new URL(ownUrl);
  url.hostname = host.address;
  const passwordFile = path.join(dataDir, 'database-password');
  writeFileSync(passwordFile, `${url.password}\n`, { mode: 0o600 });
  const databaseUrl = url.href;
  url.password = '';

  const { embeddedTemporal } = await built('engine/supervisor/temporal.js');
  const { plan: temporal, address } = await embeddedTemporal(dataDir, 'photo-assistant');
  const temporalLaunch = await temporal.launch();
  start(
    'temporal',
    // On all of the host's addresses, for it asks itself on its own.
    temporalLaunch.command.map((word) => (word === '127.0.0.1' ? '0.0.0.0' : word)),
    { env: temporalLaunch.env },
  );
  const temporalAddress = address.replace('127.0.0.1', host.address);

  const tokenFile = path.join(dataDir, 'worker-token');
  writeFileSync(tokenFile, `${token}\n`, { mode: 0o600 });
  const env = environment({
    DATABASE_URL: url.href,
    DATABASE_PASSWORD_FILE: passwordFile,
    TEMPORAL_ADDRESS: temporalAddress,
    PHOTO_ASSISTANT_DATA: dataDir,
    PHOTO_ASSISTANT_PASSWORD: token,
    PHOTO_ASSISTANT_WORKER_TOKEN_FILE: tokenFile,
    HOST: host.address,
    PORT: String(port),
  });
  for (let tries = 1; ; tries++) {
    const migrating = start('migrate', [process.execPath, main, 'migrate'], { env });
    if ((await once(migrating, 'exit'))[0] === 0) break;
    if (tries === 30) throw new Error(`the database could not be migrated: see ${logs}`);
    await sleep(500);
  }
  for (const dir of ['thumbs', 'temp']) mkdirSync(path.join(dataDir, dir), { recursive: true });
  const { openDatabase } = await built('sql/database.js');
  const sql = openDatabase(databaseUrl, { max: 2, name: 'drill' });

  // As a browser of the owner's would.
  const page = `http://${host.address}:${port}`;
  const timeout = () => ({ signal: AbortSignal.timeout(20_000) });
  let session;
  const logIn = async () => {
    const body = new URLSearchParams({ name: 'owner', password: token });
    const answer = await fetch(`${page}/login`, { method: 'POST', body, redirect: 'manual', ...timeout() });
    const cookie = answer.headers.getSetCookie()[0]?.split(';')[0];
    if (cookie === undefined) throw new Error(`the login answered ${answer.status}`);
    const shown = await (await fetch(`${page}/settings`, { headers: { cookie }, ...timeout() })).text();
    return { cookie, 'x-form-token': /name="_form" value="([^"]+)"/.exec(shown)?.[1] ?? '' };
  };
  const ask = async (method, where, body) => {
    session ??= await logIn();
    const response = await fetch(page + where, {
      method,
      headers: { ...session, accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
      ...timeout(),
    });
    if (!response.ok) throw new Error(`${method} ${where} answered ${response.status}: ${await response.text()}`);
    return response.status === 204 ? null : await response.json();
  };
  const get = (where) => ask('GET', where);

  return {
    ...{
      host,
      dataDir,
      url: page,
      sql,
      get,
      start,
      startOn,
      env,
      databaseUrl: url.href,
      passwordFile,
      temporalAddress,
    },
    /** Makes it the only import path. */
    async importPath(importPath) {
      const settings = { importPaths: [importPath], watchImports: false, acceptMissingPaths: true };
      await ask('PUT', '/api/settings', settings);
    },
    /** Everything is read, faces were looked for and grouped, and no job runs. */
    async isDone() {
      const { state, jobs, coverage } = await get('/api/status');
      if (state !== 'awaiting jobs' || jobs.running > 0 || coverage.read < coverage.files) return false;
      const { jobs: ended } = await get('/api/jobs?status=completed&kind=groupFaces');
      return ended.length > 0;
    },
    /** Somebody in a picture gets a name, and is looked for in all others. */
    async nameSomebody(until) {
      const [face] = await sql`
        SELECT face.id FROM face JOIN file ON file.id = file_id JOIN dir ON dir.id = dir_id
        WHERE path_prefix = 'as they are' AND fname = 'people 1.jpg' ORDER BY face.x LIMIT 1`;
      const { id } = await ask('POST', '/api/people', { name: 'Ada' });
      await ask('POST', `/api/faces/${face.id}`, { do: 'confirm', person: id });
      await ask('POST', `/api/people/${id}/refimgs`, { face: face.id });
      const { id: job } = await ask('POST', '/api/jobs', { kind: 'identifyPerson', person: id });
      await until('the person to be looked for', 90, async () => {
        const { jobs } = await get('/api/jobs?kind=identifyPerson&status=running');
        return jobs.length === 0 && (await get(`/api/jobs/${encodeURIComponent(job)}`)).status === 'completed';
      });
    },
    async stop() {
      await sql.end({ timeout: 2 });
      for (const child of children.toReversed()) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        child.kill('SIGKILL');
        await once(child, 'exit');
      }
    },
  };
}

/** The engine worker, then the page beside the servers. */
export async function startEngine(servers) {
  const { start, env, url } = servers;
  start('engine', [process.execPath, main, 'worker', '--queues', 'engine'], { env });
  start('web', [process.execPath, main, 'web'], { env });
  for (let tries = 1; ; tries++) {
    const isUp = await fetch(`${url}/readyz`).then(
      async (response) => (await response.json()).checks.temporal.ok,
      () => false,
    );
    if (isUp) return;
    if (tries === 400) throw new Error(`the page did not come up: see ${servers.dataDir}/logs`);
    await sleep(300);
  }
}

/** A worker on a host, which knows of the servers what a user would tell it. */
export function startWorker(servers, host, { queues, dataDir, web, token, pathMap }) {
  mkdirSync(dataDir, { recursive: true });
  const tokenFile = path.join(dataDir, 'worker-token');
  if (token !== undefined && !existsSync(tokenFile)) writeFileSync(tokenFile, token, { mode: 0o600 });
  const env = environment({
    DATABASE_URL: servers.databaseUrl,
    DATABASE_PASSWORD_FILE: servers.passwordFile,
    TEMPORAL_ADDRESS: servers.temporalAddress,
    PHOTO_ASSISTANT_DATA: dataDir,
    ...(web && { PHOTO_ASSISTANT_WEB: web, PHOTO_ASSISTANT_WORKER_TOKEN_FILE: tokenFile }),
    ...(pathMap && { PHOTO_ASSISTANT_PATH_MAP: pathMap }),
  });
  const command = [process.execPath, main, 'worker', '--queues', queues];
  const idle = ['ionice', '-c', '3', 'nice', '-n', '19', ...command];
  servers.startOn(host, idle, { env, logs: path.join(dataDir, 'logs'), log: `${queues}-${Date.now()}` });
}
