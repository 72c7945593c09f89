import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import Value from 'typebox/value';
import { Report } from '../cli/doctor/finding.ts';
import { freePort } from '../engine/supervisor/ports.ts';
import { program, startHouse, temporaryDir } from './support/house.ts';
import { writePicture } from './support/pictures.ts';

/** As a user runs it. */
async function doctor(env: Record<string, string>, ...args: string[]): Promise<{ code: number; output: string }> {
  const own = { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(await freePort()), ...env };
  return await new Promise((resolve) => {
    execFile(process.execPath, [program, 'doctor', ...args], { env: own }, (error, stdout, stderr) => {
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr });
    });
  });
}

async function report(env: Record<string, string>) {
  const { code, output } = await doctor(env, '--json');
  const told = Value.Parse(Report, JSON.parse(output));
  const found = (check: string) => told.findings.filter((finding) => finding.check === check);
  const levels = (check: string) => found(check).map(({ level }) => level);
  assert.equal(code, told.findings.some(({ level }) => level === 'bad') ? 1 : 0);
  for (const { check, level, todo } of told.findings) assert.equal(todo === null, level === 'good', check);
  return { ...told, found, levels };
}

test('doctor, of a house that runs, is stopped, and is in a bad way', async (t) => {
  const photos = temporaryDir(t);
  const gone = path.join(temporaryDir(t), 'gone');
  await writePicture(path.join(photos, 'p.jpg'), 'red');
  const dataDir = temporaryDir(t, 'photo-assistant-data-');
  const env = { PHOTO_ASSISTANT_DATA: dataDir };
  const house = await startHouse(t, { imports: [photos, gone], dataDir });
  await house.until('awaiting jobs');

  await t.test('running', async () => {
    const { running, found, levels } = await report(env);
    assert.equal(running, true);
    for (const check of [
      'node',
      'exiftool',
      'postgres',
      'temporal',
      'schema',
      'clock',
      'port',
      'data-folder',
      'version',
    ]) {
      assert.deepEqual(levels(check), ['good'], `${check}: ${JSON.stringify(found(check))}`);
    }
    assert.deepEqual(levels('secret'), ['good', 'good']);
    assert.deepEqual(levels('path').toSorted(), ['bad', 'good']);
    assert.ok(found('path').some(({ text, level }) => level === 'bad' && text.includes(gone)));
    assert.match(found('postgres')[0]?.text ?? '', /Postgres \d+/);
    assert.match(found('temporal')[0]?.text ?? '', /Temporal \d+/);
  });

  await t.test('stopped', async () => {
    await house.stop();
    mkdirSync(gone);
    const { running, levels } = await report(env);
    assert.equal(running, false);
    assert.deepEqual(levels('path'), ['good', 'good']);
    for (const check of ['postgres', 'schema', 'port']) assert.deepEqual(levels(check), ['good'], check);
    assert.deepEqual(levels('temporal'), [], 'it does not run, and need not');
  });

  await t.test('open to others, with another database than there is', async () => {
    chmodSync(dataDir, 0o755);
    chmodSync(path.join(dataDir, 'postgres', 'password'), 0o644);
    const { found, levels } = await report({ ...env, DATABASE_URL: 'postgres://a:secret@127.0.0.1:9/b' });
    assert.deepEqual(levels('data-folder'), ['bad']);
    assert.equal(found('data-folder')[0]?.todo, `chmod 700 ${dataDir}`);
    assert.deepEqual(levels('secret'), ['bad']);
    assert.deepEqual(levels('postgres'), ['bad']);
    assert.ok(!JSON.stringify(found('postgres')).includes('secret'));
    chmodSync(dataDir, 0o700);
    chmodSync(path.join(dataDir, 'postgres', 'password'), 0o600);
  });

  await t.test('with a database of a Postgres to come', async () => {
    writeFileSync(path.join(dataDir, 'postgres', 'cluster', 'PG_VERSION'), '99\n');
    assert.deepEqual((await report(env)).levels('postgres-program'), ['bad']);
  });

  await t.test('on a data folder that is not there', async () => {
    const { code, output } = await doctor({ PHOTO_ASSISTANT_DATA: path.join(gone, 'data') });
    assert.equal(code, 0, output);
    assert.match(output, /^good\s+node/m);
    assert.match(output, /\d+ good, \d+ to look at, 0 bad/);
    assert.ok(!existsSync(path.join(gone, 'data')), 'nothing is made by looking');
  });
});
