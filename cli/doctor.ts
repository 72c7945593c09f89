import { existsSync } from 'node:fs';
import path from 'node:path';
import { pageAddress, readConfig, version, type Config } from '../config.ts';
import { readHouse } from '../engine/house-file.ts';
import { forAWhile } from '../engine/supervisor/for-a-while.ts';
import { acquireLock } from '../engine/supervisor/lock.ts';
import { freePort } from '../engine/supervisor/ports.ts';
import { embeddedPostgres } from '../engine/supervisor/postgres.ts';
import { clusterMajor, ownMajor } from '../engine/supervisor/postgres-cluster.ts';
import { processStart } from '../engine/supervisor/process-identity.ts';
import { reportOf } from '../model/errors.ts';
import { openDatabase, type Database } from '../sql/database.ts';
import { wordsOf, type Finding, type Report } from './doctor/finding.ts';
import { checkMachine } from './doctor/machine.ts';
import { checkPaths } from './doctor/paths.ts';
import { checkPrograms } from './doctor/programs.ts';
import { checkServers } from './doctor/servers.ts';

/** `photo-assistant doctor`: looks at everything it needs, running or stopped. Exit code 1 where something is bad. */
export async function doctor({ json }: { json?: boolean }): Promise<void> {
  const report = await examine(readConfig());
  console.log(json ? JSON.stringify(report, null, 2) : asText(report));
  if (report.findings.some(({ level }) => level === 'bad')) process.exitCode = 1;
}

async function examine(config: Config): Promise<Report> {
  const told = readHouse(config.houseFile);
  // After a kill it tells of a house that is no more.
  const house = told && processStart(told.pid) !== null ? told : null;
  const findings = await withDatabase(config, house?.databaseUrl, async (sql, whyNot) => {
    const patient = { config, house, sql };
    return [
      ...(await checkPrograms(patient)),
      ...(await checkServers(patient, whyNot)),
      ...(await checkPaths(patient)),
      ...(await checkMachine(patient)),
    ];
  });
  return { version, at: new Date().toISOString(), running: house !== null, findings };
}

type Look = (sql: Database | null, whyNot: string | null) => Promise<Finding[]>;

/** With the database that is configured or runs; a stopped house's own is started for as long as that takes. */
async function withDatabase(config: Config, runningUrl: string | undefined, look: Look): Promise<Finding[]> {
  const url = config.databaseUrl ?? runningUrl;
  if (url !== undefined) return await lookInto(url, look);
  if (clusterMajor(path.join(config.dataDir, 'postgres', 'cluster')) !== ownMajor || !existsSync(config.dataDir)) {
    return await look(null, null);
  }
  try {
    const lock = acquireLock(config.dataDir, pageAddress(config));
    try {
      const { plan, databaseUrl } = await embeddedPostgres(config.dataDir, await freePort());
      return await forAWhile(plan, config.dataDir, () => lookInto(databaseUrl, look));
    } finally {
      lock.release();
    }
  } catch (error) {
    return await look(null, reportOf(error).message);
  }
}

async function lookInto(url: string, look: Look): Promise<Finding[]> {
  const sql = openDatabase(url, { max: 1, name: 'doctor' });
  try {
    const whyNot = await sql`SELECT 1`.then(
      () => null,
      (error: unknown) => wordsOf(error) || reportOf(error).message,
    );
    return await look(whyNot === null ? sql : null, whyNot);
  } finally {
    await sql.end({ timeout: 2 });
  }
}

const marks = { good: 'good   ', warning: 'warning', bad: 'BAD    ' } as const;

function asText({ findings, running }: Report): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  const lines = findings.flatMap(({ check, level, text, todo }) => [
    `${marks[level]}  ${check.padEnd(width)}  ${text}`,
    ...(todo === null ? [] : [`${' '.repeat(width + 11)}→ ${todo}`]),
  ]);
  const count = (level: Finding['level']) => findings.filter((finding) => finding.level === level).length;
  const sum = `${count('good')} good, ${count('warning')} to look at, ${count('bad')} bad. Photo Assistant ${running ? 'runs' : 'does not run'}.`;
  return [...lines, '', sum].join('\n');
}
