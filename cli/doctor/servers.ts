import { Connection } from '@temporalio/client';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { clusterMajor, findPrograms, ownMajor } from '../../engine/supervisor/postgres-cluster.ts';
import { ownMigrations, ranMigrations, unknownMigrations } from '../../sql/schema-version.ts';
import { checkClockOf } from './clock.ts';
import { bad, good, warning, wordsOf, type Finding, type Patient } from './finding.ts';

/** The two servers, their versions, the tables, and whether the database's clock is that of this machine. */
export async function checkServers(patient: Patient, whyNoDatabase: string | null): Promise<Finding[]> {
  const [database, temporal] = await Promise.all([checkDatabase(patient, whyNoDatabase), checkTemporal(patient)]);
  return [...database, ...temporal];
}

async function checkDatabase({ config, sql }: Patient, whyNot: string | null): Promise<Finding[]> {
  const found = config.databaseUrl === undefined ? await checkCluster(config.dataDir) : [];
  if (sql === null) {
    if (whyNot === null) return found;
    const todo =
      config.databaseUrl === undefined
        ? 'See logs/postgres.log in the data folder.'
        : 'Check DATABASE_URL, and that the server runs and lets this machine in.';
    return [...found, bad('postgres', `The database does not answer (${whyNot})`, todo)];
  }
  const [row] = await sql<{ version: string; number: number }[]>`
    SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number`;
  const text = `Postgres ${row?.version} ${config.databaseUrl === undefined ? 'of its own' : 'at DATABASE_URL'} answers`;
  found.push(
    (row?.number ?? 0) >= 160_000 ? good('postgres', text) : bad('postgres', text, 'Use Postgres 16 or newer.'),
  );
  found.push(await checkSchema(sql));
  // Its own runs on this machine, by the same clock.
  if (config.databaseUrl !== undefined) found.push(await checkClockOf(sql));
  return found;
}

async function checkCluster(dataDir: string): Promise<Finding[]> {
  try {
    await findPrograms();
  } catch (error) {
    return [bad('postgres-program', wordsOf(error), 'Run npm start, which installs it, or set DATABASE_URL.')];
  }
  const cluster = path.join(dataDir, 'postgres', 'cluster');
  if (!existsSync(cluster))
    return [good('postgres-program', `Postgres ${ownMajor} is there; there is no database yet`)];
  const major = clusterMajor(cluster);
  if (major === ownMajor) return [good('postgres-program', `Postgres ${ownMajor}, whose files the database’s are`)];
  if (major === null || major > ownMajor) {
    return [
      bad(
        'postgres-program',
        `The database’s files are of Postgres ${major ?? '?'}, this one is ${ownMajor}`,
        'Update Photo Assistant.',
      ),
    ];
  }
  return [
    warning(
      'postgres-program',
      `The database’s files are of Postgres ${major}, this one is ${ownMajor}`,
      'Start Photo Assistant: it brings them over, and keeps the old ones.',
    ),
  ];
}

async function checkSchema(sql: NonNullable<Patient['sql']>): Promise<Finding> {
  const [ran, own] = [await ranMigrations(sql), ownMigrations()];
  const unknown = unknownMigrations(ran);
  if (unknown.length > 0)
    return bad('schema', `The database belongs to a newer version (${unknown.join(', ')})`, 'Update Photo Assistant.');
  const last = ran.at(-1);
  if (ran.length === own.length) return good('schema', `The tables are up to date (${last})`);
  return warning(
    'schema',
    `The tables are of an earlier version (${last ?? 'none yet'})`,
    'Start Photo Assistant, or run its command migrate: it brings them up to date.',
  );
}

async function checkTemporal({ config, house }: Patient): Promise<Finding[]> {
  const address = config.temporalAddress ?? house?.temporalAddress;
  if (address === undefined) return [];
  const todo =
    config.temporalAddress === undefined
      ? 'See logs/temporal.log in the data folder.'
      : 'Check TEMPORAL_ADDRESS, and that the server runs.';
  let connection: Connection | null = null;
  try {
    connection = await Connection.connect({ address, connectTimeout: 5_000 });
    const { serverVersion } = await connection.workflowService.getSystemInfo({});
    const text = `Temporal ${serverVersion} ${config.temporalAddress === undefined ? 'of its own' : 'at TEMPORAL_ADDRESS'} answers`;
    return [isNewEnough(serverVersion) ? good('temporal', text) : bad('temporal', text, 'Use a server 1.29 or newer.')];
  } catch (error) {
    return [bad('temporal', `Temporal at ${address} does not answer (${wordsOf(error)})`, todo)];
  } finally {
    await connection?.close();
  }
}

/** The oldest that set-up brings, where only Go can build one, is 1.29. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major > 1 || (major === 1 && minor >= 29);
}
