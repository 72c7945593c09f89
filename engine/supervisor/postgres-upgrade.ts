import { chownSync, existsSync, mkdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '../../model/errors.ts';
import { openLog } from './log-file.ts';
import { fetchPostgres } from './old-postgres.ts';
import { freePort } from './ports.ts';
import { forAWhile } from './for-a-while.ts';
import { serverOn } from './postgres.ts';
import { clusterMajor, findPrograms, makeCluster, ownMajor, readPassword, remove } from './postgres-cluster.ts';
import { findPostgresUser } from './postgres-user.ts';

/**
 * Brings a cluster that another major version of Postgres has made over to the one that is here: dumped by the old programs,
 * loaded into a new cluster, which then takes the old one's place. The old one stays beside it. May be killed at any
 * moment: until the new one is whole the old one is in its place, untouched.
 * Throws database.other-major, database.newer, house.start-failed, house.tool-missing, backup.not-written.
 */
export async function upgradePostgres(dataDir: string, say: (line: string) => void): Promise<void> {
  const dir = path.join(dataDir, 'postgres');
  const cluster = path.join(dir, 'cluster');
  const [work, whole] = [path.join(dir, 'upgrading'), path.join(dir, 'cluster.upgraded')];
  // Killed between the two last steps.
  if (!existsSync(cluster) && existsSync(whole)) renameSync(whole, cluster);
  const major = clusterMajor(cluster);
  if (major === null || major === ownMajor) return;
  if (major > ownMajor) {
    throw new CodedError(
      'database.other-major',
      `The database in ${cluster} was made by Postgres ${major}, this version brings ${ownMajor}. Update Photo Assistant.`,
    );
  }
  const tell = createTelling(dataDir, say);
  tell(
    `The database was made by Postgres ${major}, this version brings ${ownMajor}: it is brought over. The old one is kept.`,
  );
  for (const left of [work, whole]) remove(left);
  const old = await fetchPostgres(major, dir);
  const programs = await findPrograms();
  const runAs = await findPostgresUser(dir);
  const password = readPassword(dir, runAs);
  mkdirSync(work, { recursive: true, mode: 0o700 });
  if (runAs.owner !== null) chownSync(work, runAs.owner.uid, runAs.owner.gid);
  const [dump, draft] = [path.join(work, 'dump'), path.join(work, 'cluster')];
  const { dumpDatabase, loadDump } = await import('../backup/carry-over.ts');

  const before = serverOn({ programs: old, cluster, runAs, password, port: await freePort() });
  const rows = await forAWhile(before.plan, dataDir, () => dumpDatabase(before.databaseUrl, dump));
  tell(`Its ${rows} rows are loaded into a new one …`);
  await makeCluster(programs, dir, draft, runAs);
  const after = serverOn({ programs, cluster: draft, runAs, password, port: await freePort() });
  await forAWhile(after.plan, dataDir, () => loadDump(after.databaseUrl, dump));

  const kept = keptName(dir, major);
  renameSync(draft, whole);
  renameSync(cluster, kept);
  renameSync(whole, cluster);
  for (const left of [work, path.join(dir, `programs-${major}`)]) remove(left);
  tell(`The database is brought over. The old one is kept as ${kept}: delete it when all is well.`);
}

/** Says a line on the console, and in the database's log. */
function createTelling(dataDir: string, say: (line: string) => void): (line: string) => void {
  return (line) => {
    say(line);
    const log = openLog(path.join(dataDir, 'logs'), 'postgres');
    log.write(`${line}\n`);
    log.close();
  };
}

function keptName(dir: string, major: number): string {
  const name = path.join(dir, `cluster-of-postgres-${major}-kept`);
  for (let n = 1; ; n++) if (!existsSync(n === 1 ? name : `${name}-${n}`)) return n === 1 ? name : `${name}-${n}`;
}
