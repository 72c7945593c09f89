import { execFile } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { CodedError } from '../../model/errors.ts';
import { findProgram } from '../priority.ts';
import type { Launch } from './life.ts';

const run = promisify(execFile);

/** How to run Postgres: as ourselves, or, where we are root (which Postgres refuses to be), as someone else. */
export interface PostgresUser {
  /** Who must own its files; null: we do. */
  readonly owner: { uid: number; gid: number } | null;
  /** The command as that user. */
  readonly as: (command: readonly string[]) => Pick<Launch, 'command' | 'uid' | 'gid'>;
}

/**
 * Who runs Postgres on the files below `dir`: ourselves; as root whoever owns them already, else the system's user
 * `postgres` or `nobody`. The project or the data folder may lie below a directory that only root may enter, so that
 * user keeps root's right to pass and read directories, where setpriv can give it. Throws house.start-failed.
 */
export async function findPostgresUser(dir: string): Promise<PostgresUser> {
  if (process.getuid?.() !== 0) return { owner: null, as: (command) => ({ command }) };
  const owner = ownerOf(dir) ?? (await lookUp('postgres')) ?? (await lookUp('nobody'));
  if (owner === null) {
    throw new CodedError(
      'house.start-failed',
      'Postgres does not run as root, and this system has neither a user postgres nor a user nobody. Create one of them, or start Photo Assistant as an ordinary user.',
    );
  }
  const prefix = await privilegePrefix(owner);
  if (prefix === null) return { owner, as: (command) => ({ command, ...owner }) };
  return { owner, as: (command) => ({ command: [...prefix, ...command] }) };
}

function ownerOf(dir: string): { uid: number; gid: number } | null {
  const stat = statSync(dir, { throwIfNoEntry: false });
  return stat === undefined || stat.uid === 0 ? null : { uid: stat.uid, gid: stat.gid };
}

async function lookUp(name: string): Promise<{ uid: number; gid: number } | null> {
  try {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map(async (flag) => Number((await run('id', [flag, name])).stdout)),
    );
    return uid === undefined || gid === undefined ? null : { uid, gid };
  } catch {
    // `id` fails when there is no such user.
    return null;
  }
}

/** The setpriv call that becomes this user but may still pass through root's directories; null where it does not work. */
async function privilegePrefix({ uid, gid }: { uid: number; gid: number }): Promise<string[] | null> {
  if (process.platform !== 'linux' || findProgram('setpriv') === null) return null;
  const capability = passCapability();
  if (capability === null) return null;
  const prefix = [
    'setpriv',
    `--reuid=${uid}`,
    `--regid=${gid}`,
    '--clear-groups',
    `--inh-caps=+${capability}`,
    `--ambient-caps=+${capability}`,
    // Postgres asks access(2) whether it may run itself, and access(2) forgets the right of a user other than root without this.
    '--securebits=+no_setuid_fixup',
  ];
  try {
    await run('setpriv', [...prefix.slice(1), 'true'], { cwd: '/' });
    return prefix;
  } catch {
    // A setpriv without these options, or a container that forbids the call: plain setuid is tried instead.
    return null;
  }
}

/** The smaller right that passes any directory, of those this process has: containers often have only the larger one. */
function passCapability(): string | null {
  const held = BigInt(`0x${/^CapPrm:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`);
  if (held & (1n << 2n)) return 'dac_read_search';
  return held & (1n << 1n) ? 'dac_override' : null;
}
