import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { parse } from 'yaml';
import { historyDays } from '../activities/start-up.ts';
import { projectDir, readConfig } from '../config.ts';
import { findProgram } from '../engine/priority.ts';
import { modelDir } from '../faces/backend.ts';
import { createGuard } from '../engine/supervisor/guard.ts';
import { answers } from '../engine/supervisor/http.ts';
import { createPart, type Part, type PartPlan } from '../engine/supervisor/part.ts';
import { freePort } from '../engine/supervisor/ports.ts';
import { embeddedPostgres } from '../engine/supervisor/postgres.ts';
import { embeddedTemporal } from '../engine/supervisor/temporal.ts';
import { openDatabase, type Database } from '../sql/database.ts';
import { searchAttributes, taskQueues } from '../model/job-kinds.ts';
import { Job } from '../model/job.ts';
import { PhotoFile } from '../model/library.ts';
import { Settings } from '../model/settings.ts';
import { environmentNames } from './support/environment-names.ts';
import { eventually, temporaryDir } from './support/house.ts';
import { writeOld, writePicture } from './support/pictures.ts';

const execute = promisify(execFile);
/** Runs one program to its end. @returns what it printed. Throws when it fails, or takes longer than two minutes. */
const run = async (program: string, args: string[], { env = process.env, cwd = projectDir } = {}): Promise<string> =>
  (await execute(program, args, { env, cwd, timeout: 120_000, killSignal: 'SIGKILL' })).stdout;

/** What the compose file runs of other people, built by `npm run compose-programs`: minutes of work, so never by a test. */
const built = (name: string, version: string): string | null => {
  const place = path.join(projectDir, '.tools', `${name}-${version}`);
  return existsSync(place) ? place : null;
};

const Texts = Type.Array(Type.String());
const Mount = Type.Union([
  Type.String(),
  Type.Object({ type: Type.Literal('bind'), source: Type.String(), target: Type.String(), read_only: Type.Boolean() }),
]);
const Service = Type.Object({
  image: Type.String(),
  build: Type.Optional(Type.String()),
  user: Type.Optional(Type.String()),
  restart: Type.String(),
  read_only: Type.Boolean(),
  cap_drop: Texts,
  security_opt: Texts,
  pids_limit: Type.Integer(),
  mem_limit: Type.String(),
  tmpfs: Texts,
  secrets: Type.Optional(Texts),
  hostname: Type.Optional(Type.String()),
  environment: Type.Record(Type.String(), Type.String()),
  entrypoint: Type.Optional(Texts),
  command: Type.Optional(Texts),
  ports: Type.Optional(Texts),
  volumes: Type.Optional(Type.Array(Mount)),
  configs: Type.Optional(Type.Array(Type.Object({ source: Type.String(), target: Type.String() }))),
  depends_on: Type.Optional(Type.Record(Type.String(), Type.Object({ condition: Type.String() }))),
  healthcheck: Type.Optional(Type.Object({ disable: Type.Optional(Type.Boolean()), test: Type.Optional(Texts) })),
  network_mode: Type.Optional(Type.String()),
});
type Service = Static<typeof Service>;
const Compose = Type.Object({
  services: Type.Record(Type.String(), Service),
  volumes: Type.Record(Type.String(), Type.Null()),
  secrets: Type.Record(Type.String(), Type.Object({ file: Type.String() })),
  configs: Type.Record(Type.String(), Type.Object({ content: Type.String() })),
});

const composeFile = path.join(projectDir, 'temporal-compose.yml');
const text = readFileSync(composeFile, 'utf8');
const dockerfile = readFileSync(path.join(projectDir, 'Dockerfile'), 'utf8');
const compose = Value.Parse(Compose, parse(text, { merge: true }));
const services = Object.entries(compose.services);
const ours = services.filter(([, service]) => service.build !== undefined);
const service = (name: string): Service => compose.services[name] ?? assert.fail(`there is no service ${name}`);

/** A value as Compose fills it in. Throws where a variable that must be given is not. */
const filledIn = (value: string, given: Record<string, string>): string =>
  value.replaceAll(/\$\$|\$\{(\w+):([-?])([^}]*)\}/g, (whole, name: string, kind: string, rest: string) => {
    if (whole === '$$') return '$';
    const found = given[name];
    if (found === undefined && kind === '?') throw new Error(`required variable ${name} is missing a value: ${rest}`);
    return found ?? rest;
  });

/** The command of one of our services: the entrypoint of the image, unless it has its own. */
const ourCommand = ({ entrypoint, command = [] }: Service): string[] => {
  const ofImage: unknown = JSON.parse(/^ENTRYPOINT (.+)$/m.exec(dockerfile)?.[1] ?? 'null');
  return [...(entrypoint ?? Value.Parse(Texts, ofImage)), ...command];
};

test('what the compose file promises', async (t) => {
  await t.test('every image is pinned, and ours has the version of package.json', () => {
    const { version } = Value.Parse(
      Type.Object({ version: Type.String() }),
      JSON.parse(readFileSync(path.join(projectDir, 'package.json'), 'utf8')),
    );
    for (const [name, { image }] of services) assert.match(image, /^[\w/-]+:\d+(\.\d+)+$/, name);
    assert.deepEqual(new Set(ours.map(([, { image }]) => image)), new Set([`photo-assistant:${version}`]));
    const temporal = [service('temporal'), service('temporal-schema'), service('temporal-namespace')];
    assert.equal(new Set(temporal.map(({ image }) => image.split(':')[1])).size, 1, 'schema and tools fit the server');
  });

  await t.test('nothing is reachable from other machines', () => {
    const ports = services.flatMap(([, each]) => each.ports ?? []);
    assert.ok(ports.length >= 3);
    for (const port of ports) assert.match(port, /^127\.0\.0\.1:\d+:\d+$/);
    assert.deepEqual(service('postgres').ports, undefined);
    for (const [name, each] of services) assert.equal(each.network_mode, undefined, name);
  });

  await t.test('data lives in named volumes, and photos can only be read', () => {
    const mounts = services.flatMap(([, each]) => each.volumes ?? []);
    const named = mounts.filter((mount) => typeof mount === 'string').map((mount) => mount.split(':')[0]);
    assert.deepEqual(new Set(named), new Set(Object.keys(compose.volumes)));
    const binds = mounts.filter((mount) => typeof mount !== 'string');
    assert.ok(binds.length > 0);
    for (const bind of binds) assert.equal(bind.read_only, true);
    // From version 18 on, the image keeps its clusters below this directory, not in it.
    assert.deepEqual(service('postgres').volumes, ['postgres:/var/lib/postgresql']);
  });

  await t.test('our programs are given what they read, and nothing they do not', (t) => {
    const secrets = temporaryDir(t);
    for (const name of Object.keys(compose.secrets)) writeFileSync(path.join(secrets, name), 'a secret');
    for (const [name, { environment }] of ours) {
      for (const variable of Object.keys(environment))
        assert.ok(environmentNames.includes(variable), `${name}: ${variable}`);
      const config = readConfig(
        Object.fromEntries(Object.entries(environment).map(([k, v]) => [k, v.replace('/run/secrets', secrets)])),
      );
      assert.equal(config.databaseUrl, 'postgres://photo_assistant:a%20secret@postgres:5432/photo_assistant', name);
      assert.equal(config.temporalAddress, 'temporal:7233', name);
      // Inside a container: its port is published on this machine's own address alone.
      if (name === 'web') assert.equal(config.host, '0.0.0.0');
    }
  });

  await t.test('our commands exist, and all task queues are served', async () => {
    const queues: string[] = [];
    for (const [name, each] of ours) {
      const [command = '', ...options] = each.command ?? [];
      const main = path.join(projectDir, 'cli', 'main.ts');
      const stdout = await run(process.execPath, ['--import', 'tsx', main, command, '--help']);
      assert.match(stdout, new RegExp(`^Usage: photo-assistant ${command}\\b`), name);
      for (const option of options.filter((word) => word.startsWith('--')))
        assert.ok(stdout.includes(option), `${name} ${option}`);
      if (command === 'worker') queues.push(options[1] ?? '');
    }
    assert.deepEqual(queues.toSorted(), Object.values(taskQueues).toSorted());
  });

  await t.test('to the workers it is one machine, on which a path that is not there is no path of another', () => {
    assert.equal(typeof service('engine').hostname, 'string');
    assert.equal(service('engine').hostname, service('io').hostname);
  });

  await t.test('secrets come from files, each given to those who need it', () => {
    for (const [name, { environment, secrets = [], command = [] }] of services) {
      for (const [variable, value] of Object.entries(environment)) {
        if (/PASSWORD|PWD|TOKEN/.test(variable)) assert.match(value, /^\/run\/secrets\//, `${name} ${variable}`);
        assert.doesNotMatch(value, /:\/\/[^@/]*:[^@/]*@/, `${name} ${variable} holds no password`);
      }
      const said = [...Object.values(environment), ...command].join('\n');
      const used = [...said.matchAll(/\/run\/secrets\/([\w-]+)/g)].map(([, secret = '']) => secret);
      assert.deepEqual(new Set(secrets), new Set(used), name);
      for (const secret of used) assert.match(compose.secrets[secret]?.file ?? '', /^\$\{SECRETS_DIR:-/, secret);
    }
    assert.doesNotMatch(text, /\$\{\w+\}/, 'a variable without a default says what it is for');
  });

  await t.test('no container runs as root, gains rights, writes to its own files, or takes all there is', () => {
    for (const [name, each] of services) {
      const user = filledIn(each.user ?? '', {});
      assert.match(user, /^[1-9]\d*:[1-9]\d*$/, `${name} runs as ${user}`);
      assert.equal(each.read_only, true, name);
      assert.deepEqual(each.cap_drop, ['ALL'], name);
      assert.deepEqual(each.security_opt, ['no-new-privileges:true'], name);
      assert.ok(each.pids_limit <= 500, name);
      assert.match(filledIn(each.mem_limit, {}), /^[1-9]\d*[mg]$/, name);
      // Memory is a place to write to as well, and has its bounds.
      for (const place of each.tmpfs) assert.match(place, /^\/[\w/-]+:.*\bsize=\d+m$/, name);
    }
  });

  await t.test('what keeps running says whether it is well', () => {
    for (const [name, { restart, healthcheck, build }] of services) {
      if (restart === 'no') continue;
      // The page's is in its image.
      if (build !== undefined && healthcheck === undefined) {
        assert.equal(name, 'web');
        continue;
      }
      assert.equal(healthcheck?.disable, undefined, name);
      assert.equal(healthcheck?.test?.[0], 'CMD', name);
    }
    for (const name of ['engine', 'io', 'ai']) {
      const { command = [], healthcheck } = service(name);
      assert.deepEqual(healthcheck?.test?.slice(-4), [...command, '--check'], name);
    }
  });

  await t.test('everything waits for what it needs', () => {
    for (const [name, { depends_on = {} }] of services) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        const { restart, healthcheck } = service(other);
        if (condition === 'service_completed_successfully') assert.equal(restart, 'no', `${name} → ${other}`);
        else {
          assert.equal(condition, 'service_healthy', `${name} → ${other}`);
          assert.ok(healthcheck?.test, `${name} → ${other}`);
        }
      }
    }
    for (const name of ['engine', 'io', 'ai', 'web']) assert.ok(service(name).depends_on?.migrate, name);
  });

  await t.test('the namespace keeps jobs as long as their logs, with our search attributes', () => {
    const script = service('temporal-namespace').command?.join('\n') ?? '';
    assert.match(script, new RegExp(`--retention ${historyDays}d`));
    assert.deepEqual(/for name in (.+); do/.exec(script)?.[1]?.split(' '), [...searchAttributes]);
  });

  await t.test('the image is built from what is there and does not run as root', () => {
    for (const [, sources = ''] of dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)) {
      for (const source of sources.split(' ')) assert.ok(existsSync(path.join(projectDir, source)), source);
    }
    assert.equal([...dockerfile.matchAll(/^USER (.+)$/gm)].at(-1)?.[1], 'node');
    assert.match(dockerfile, /^HEALTHCHECK /m);
  });

  await t.test('Compose accepts it', async (t) => {
    const given = { PHOTOS_DIR: '/srv/photos' };
    if (spawnSync('docker', ['compose', 'version']).status === 0) {
      const env = { ...process.env, ...given };
      await run('docker', ['compose', '-f', composeFile, 'config', '--quiet'], { env });
      return;
    }
    // What Docker Compose itself reads such files with.
    const specification = built('compose-spec', '2.16.2');
    if (specification === null) return t.skip('neither docker is here nor what npm run compose-programs builds');
    const dir = temporaryDir(t);
    const file = path.join(dir, 'compose.yml');
    writeFileSync(
      file,
      text.replaceAll(/\$\{\w+:\?[^}]*\}/g, (variable) => filledIn(variable, given)),
    );
    await run(path.join(specification, 'compose-spec'), [file], { cwd: dir });
  });
});

test('the same configuration without containers: from an empty database to photos', async (t) => {
  if (process.platform !== 'linux') return t.skip('containers run on Linux, and so does this');
  const programs = built('temporal-server', service('temporal').image.split(':')[1] ?? '');
  if (programs === null) t.diagnostic('with the development server: npm run compose-programs builds the real one');
  // Both images of Temporal have these on their path, and the one with the tools has the command line as well.
  const commandLine = findProgram('temporal') ?? path.join(projectDir, '.tools', 'temporal');
  const search = [programs ?? '', path.dirname(commandLine), process.env.PATH].join(path.delimiter);

  const dir = temporaryDir(t, 'photo-assistant-compose-');
  const photos = path.join(dir, 'photos');
  for (let i = 0; i < 12; i++)
    await writePicture(path.join(photos, `day ${i % 3}`, `p${i}.jpg`), `rgb(${i * 20}, 99, 150)`);
  writeOld(path.join(photos, 'day 0', 'broken.jpg'), 'this is no picture');
  // Three people; it comes with the networks.
  writeOld(path.join(photos, 'day 1', 'people.jpg'), readFileSync(path.join(modelDir, '..', 'demo', 'sample1.jpg')));

  const guard = createGuard();
  const parts: Part[] = [];
  const begin = async (plan: Pick<PartPlan, 'name' | 'launch' | 'ready'> & Partial<PartPlan>): Promise<void> => {
    const part = createPart(
      { readyWithinSeconds: 180, stopSignal: 'SIGTERM', graceSeconds: 40, killSignal: 'SIGKILL', ...plan },
      {
        logsDir: path.join(dir, 'logs'),
        started: ({ stopSignal, killSignal }, pid) => guard.watch(pid, [stopSignal, killSignal]),
        ended: (pid) => guard.forget(pid),
        changed: () => undefined,
      },
    );
    parts.push(part);
    await part.start();
    assert.deepEqual(part.state.restarts, 0, `${plan.name} ${part.state.lastExit}`);
  };

  try {
    const postgresPort = await freePort();
    const { plan, databaseUrl } = await embeddedPostgres(path.join(dir, 'postgres-data'), postgresPort);
    await begin({
      ...plan,
      async launch() {
        const launch = await plan.launch();
        return { ...launch, command: [...launch.command, ...(service('postgres').command ?? []).slice(1)] };
      },
    });

    const standIn = programs === null ? await embeddedTemporal(path.join(dir, 'temporal-data'), 'stand-in') : null;
    const temporalPort = standIn === null ? await freePort() : Number(new URL(`http://${standIn.address}`).port);
    const pagePort = await freePort();
    const dynamicConfig = service('temporal').configs?.[0] ?? assert.fail('Temporal has a dynamic configuration');
    const dynamicConfigFile = path.join(dir, 'dynamic-config.yaml');
    writeFileSync(dynamicConfigFile, compose.configs[dynamicConfig.source]?.content ?? '');
    // Containers have addresses of their own; here all share one.
    const places = new Map([
      ['postgres', '127.0.0.1'],
      ['0.0.0.0', '127.0.0.1'],
      ['5432', String(postgresPort)],
      ['7233', String(temporalPort)],
      ['4800', String(pagePort)],
      ['temporal:7233', `127.0.0.1:${temporalPort}`],
      ['/data', path.join(dir, 'data')],
      [dynamicConfig.target, dynamicConfigFile],
    ]);
    const secrets = path.join(dir, 'secrets');
    mkdirSync(secrets);
    const password = new URL(databaseUrl).password;
    for (const name of Object.keys(compose.secrets)) writeFileSync(path.join(secrets, name), `${password}\n`);
    const env = ({ environment }: Service): Record<string, string> => {
      // Whose page it is, is no matter of this: who has no password is let in from the same machine.
      const { PHOTO_ASSISTANT_PASSWORD_FILE: _, ...others } = environment;
      const entries = Object.entries(others).map(([name, value]): [string, string] => {
        const here = value.replace('/run/secrets', secrets).replace('@postgres:5432/', `@127.0.0.1:${postgresPort}/`);
        return [name, places.get(value) ?? here];
      });
      return { PATH: search, HOME: dir, TZ: 'UTC', ...Object.fromEntries(entries) };
    };
    const runOnce = async (name: string): Promise<void> => {
      const { entrypoint = [], command = [] } = service(name);
      const words = [...entrypoint, ...command].map((word) => filledIn(word, {}).replaceAll('/run/secrets', secrets));
      const [program = '', ...args] = words;
      await run(program, args, { env: env(service(name)), cwd: dir });
    };

    if (standIn !== null) {
      await begin(standIn.plan);
    } else {
      await runOnce('temporal-schema');
      // As at every further `up`.
      await runOnce('temporal-schema');

      const ownPorts: Record<string, string> = {};
      for (const name of [
        'FRONTEND_MEMBERSHIP',
        'FRONTEND_HTTP',
        'MATCHING_GRPC',
        'MATCHING_MEMBERSHIP',
        'HISTORY_GRPC',
      ]) {
        ownPorts[`${name}_PORT`] = String(await freePort());
      }
      for (const name of ['HISTORY_MEMBERSHIP', 'WORKER_GRPC', 'WORKER_MEMBERSHIP'])
        ownPorts[`${name}_PORT`] = String(await freePort());
      await begin({
        name: 'temporal',
        launch: async () => ({
          command: ['temporal-server', 'start'],
          env: { ...env(service('temporal')), POSTGRES_PWD: password, ...ownPorts },
          cwd: dir,
        }),
        ready: () => answers(`http://127.0.0.1:${ownPorts.FRONTEND_HTTP_PORT}/api/v1/cluster-info`),
      });
    }
    await runOnce('temporal-namespace');
    await runOnce('temporal-namespace');
    const tell = async (...args: string[]) => {
      return await run('temporal', ['operator', ...args], { env: env(service('temporal-namespace')) });
    };
    assert.match(await tell('namespace', 'describe', '--namespace', 'photo-assistant'), /Retention\S*\s+720h/);
    const known = await tell('search-attribute', 'list');
    for (const name of searchAttributes) assert.match(known, new RegExp(`\\b${name}\\s+Keyword\\b`));

    const launch = (name: string) => async () => {
      const [program = '', ...args] = ourCommand(service(name));
      const node = (word: string) => (word === 'node' ? process.execPath : word);
      return { command: [node(program), ...args.map(node)], env: env(service(name)), cwd: projectDir };
    };
    const { command: migrate, ...where } = await launch('migrate')();
    await run(migrate[0] ?? '', migrate.slice(1), where);
    await begin({ name: 'engine', launch: launch('engine'), ready: /\bready\b/ });
    await begin({ name: 'io', launch: launch('io'), ready: /\bready\b/ });
    await begin({ name: 'ai', launch: launch('ai'), ready: /\bready\b/ });
    const page = `http://127.0.0.1:${pagePort}`;
    await begin({ name: 'web', launch: launch('web'), ready: () => answers(`${page}/healthz`) });

    const get = async (where: string): Promise<unknown> => {
      const response = await fetch(page + where);
      if (!response.ok) throw new Error(`${where} answered ${response.status}: ${await response.text()}`);
      return await response.json();
    };
    const Status = Type.Object({
      state: Type.String(),
      coverage: Type.Object({ files: Type.Integer(), read: Type.Integer(), failed: Type.Integer() }),
    });
    const until = (state: string) =>
      eventually(`the engine to be ${state}`, 120_000, async () => {
        const now = Value.Parse(Status, await get('/api/status'));
        return now.state === state && now;
      });
    await until('configuration needed');
    const settings = Value.Parse(Settings, await get('/api/settings'));
    const saved = await fetch(`${page}/api/settings`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...settings, importPaths: [photos] }),
    });
    assert.equal(saved.status, 200, await saved.text());

    const { coverage } = await until('awaiting jobs');
    assert.deepEqual([coverage.files, coverage.read, coverage.failed], [14, 14, 1]);
    const completed = async () =>
      Value.Parse(Type.Object({ jobs: Type.Array(Job) }), await get('/api/jobs?status=completed')).jobs;
    await eventually('the faces to have been looked for, and grouped', 120_000, async () => {
      const ids = (await completed()).map((job) => job.id);
      return ids.includes('faces/1') && ids.includes('groups');
    });
    assert.deepEqual([...new Set((await completed()).map((job) => job.id))].toSorted(), [
      'dir/2',
      'dir/3',
      'dir/4',
      'faces/1',
      'find',
      'groups',
      'import/1',
      'scan/1',
    ]);
    const { files } = Value.Parse(Type.Object({ files: Type.Array(PhotoFile) }), await get('/api/files?q=p0'));
    const tile = await fetch(`${page}/thumbs/${files[0]?.hash}-320.webp`);
    assert.equal(tile.headers.get('content-type'), 'image/webp', 'the page shows what the io worker made');
    const people = Value.Parse(Type.Object({ files: Type.Array(PhotoFile) }), await get('/api/files?q=people'));
    assert.deepEqual(
      people.files.map((file) => file.numFaces),
      [3],
      'and what the ai worker found',
    );
    await eventually('/readyz to say that all is well', 30_000, async () => (await fetch(`${page}/readyz`)).ok);
    for (const { state } of parts) assert.equal(state.restarts, 0, `${state.name} ${state.lastExit}`);

    // As docs/operating.md tells it: from the container of the page, and into empty volumes before anything else has run.
    const [, main = ''] = ourCommand(service('web'));
    const ours = async (name: string, command: string[], more: Record<string, string> = {}) =>
      await run(process.execPath, [main, ...command], { env: { ...env(service(name)), ...more } });
    const backup = path.join(dir, 'photos.backup');
    await ours('web', ['backup', backup]);
    const sql = openDatabase(databaseUrl, { max: 1 });
    await sql`CREATE DATABASE empty`;
    const volumes = {
      DATABASE_URL: databaseUrl.replace(/\/\w+$/, '/empty'),
      PHOTO_ASSISTANT_DATA: path.join(dir, 'new'),
    };
    assert.match(await ours('migrate', ['restore', backup], volumes), /^Restored \d+ rows/m);
    await ours('migrate', ['migrate'], volumes);
    const restored = openDatabase(volumes.DATABASE_URL, { max: 1 });
    const count = (of: Database) => of`SELECT count(*) AS files, sum(num_faces) AS faces FROM file`;
    assert.deepEqual([...(await count(restored))], [...(await count(sql))]);
    await restored.end();
    await sql.end();
  } catch (error) {
    for (const { state } of parts) {
      const log = path.join(dir, 'logs', `${state.name}.log`);
      if (existsSync(log)) t.diagnostic(`${state.name}, ${state.status}:\n${readFileSync(log, 'utf8').slice(-3000)}`);
    }
    throw error;
  } finally {
    for (const part of parts.reverse()) await part.stop();
    await guard.close();
  }
});
