import { existsSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '../../model/errors.ts';
import type { PartPlan } from './part.ts';
import { assertPortFree } from './ports.ts';
import {
  cleanEnv,
  clusterMajor,
  database,
  findPrograms,
  makeCluster,
  ownMajor,
  readPassword,
  user,
  type Programs,
} from './postgres-cluster.ts';
import { findPostgresUser, type PostgresUser } from './postgres-user.ts';

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
 * Throws house.tool-missing without binaries for this machine, house.start-failed when no cluster can be made,
 * database.other-major for a cluster of another Postgres.
 */
export async function embeddedPostgres(dataDir: string, port: number): Promise<EmbeddedPostgres> {
  const programs = await findPrograms();
  const dir = path.join(dataDir, 'postgres');
  const cluster = path.join(dir, 'cluster');
  const runAs = await findPostgresUser(dir);
  const password = readPassword(dir, runAs);
  if (!existsSync(cluster)) await makeCluster(programs, dir, cluster, runAs);
  const major = clusterMajor(cluster);
  if (major !== ownMajor) {
    throw new CodedError(
      'database.other-major',
      `The database in ${cluster} was made by Postgres ${major ?? 'of an unknown version'}, this one is ${ownMajor}.`,
    );
  }
  return serverOn({ programs, cluster, runAs, password, port });
}

/** How a cluster is served. */
export function serverOn({
  programs,
  cluster,
  runAs,
  password,
  port,
}: {
  programs: Programs;
  cluster: string;
  runAs: PostgresUser;
  password: string;
  port: number;
}): EmbeddedPostgres {
  return {
    databaseUrl: `postgres://${user}:${password}@127.0.0.1:${port}/${database}`,
    plan: {
      name: 'postgres',
      async launch() {
        await assertPortFree(port, 'Postgres');
        const known = Object.entries({ ...settings, port }).filter(([name]) => isKnown(name, cluster));
        const options = known.flatMap(([name, value]) => ['-c', `${name}=${value}`]);
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

/** A server that is only started to be brought over to a newer one may not know all settings. */
const isKnown = (setting: string, cluster: string): boolean =>
  setting !== 'io_method' || (clusterMajor(cluster) ?? ownMajor) >= 18;
