import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { projectDir } from '../config.ts';
import { checkBackup } from '../engine/backup/check-backup.ts';
import { ownMigrations } from '../sql/schema-version.ts';

const run = promisify(execFile);

// The libraries in tests/backups were each made by the product as it was when a migration was the last one, from three
// colours, a copy, a broken picture and, since there are faces and plans, three people, names and a choice; then saved with
// `photo-assistant backup FILE --thumbs`. A new migration that is released gets one more.
for (const name of ['restore', 'upgrade']) {
  test(`the ${name} drill goes well`, { timeout: 600_000 }, async () => {
    const { stdout } = await run(process.execPath, [path.join(projectDir, 'scripts', 'drill.mjs'), name]);
    assert.match(stdout, /^Verdict: .* went well/m, stdout);
  });
}

test('the newest of the saved libraries is of the newest tables', async () => {
  const saved = path.join(projectDir, 'tests', 'backups');
  const newest = readdirSync(saved).toSorted().at(-1) ?? '';
  const { migrations } = await checkBackup(path.join(saved, newest), Infinity);
  assert.deepEqual(migrations, ownMigrations());
});

test('a drill that nobody knows is refused', async () => {
  await assert.rejects(run(process.execPath, [path.join(projectDir, 'scripts', 'drill.mjs'), '../setup']), { code: 1 });
});
