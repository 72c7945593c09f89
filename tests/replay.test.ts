import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { Client, Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { startHouse, temporaryDir } from './support/house.ts';
import { writePicture } from './support/pictures.ts';

const { History } = proto.temporal.api.history.v1;
const saved = path.join(import.meta.dirname, 'histories');
const workflowBundle = { codePath: path.join(import.meta.dirname, '..', 'dist', 'workflow-bundle.js') };

// A job that was begun by an earlier version must be gone on with by this one. When a workflow's code is changed on
// purpose, guard the change with patched(), and add a history of the new version: SAVE_HISTORIES=1 npm test -- replay
Runtime.install({ logger: new DefaultLogger('WARN') });

test('saved histories are replayed by the workflows as they are now', async (t) => {
  if (process.env.SAVE_HISTORIES) await saveHistories(t);
  assert.ok(existsSync(saved), 'there are saved histories');
  const files = readdirSync(saved);
  assert.ok(files.length >= 5);
  for (const file of files) {
    const history = History.decode(readFileSync(path.join(saved, file)));
    await t.test(file, () => Worker.runReplayHistory({ workflowBundle }, history));
  }
});

/** Runs each kind of job once, well and badly, and keeps its history. */
async function saveHistories(t: Parameters<typeof startHouse>[0]): Promise<void> {
  const photos = temporaryDir(t);
  for (const dir of ['a', 'b']) await writePicture(path.join(photos, dir, 'p.jpg'), dir === 'a' ? 'red' : 'blue');
  const house = await startHouse(t, { imports: [photos, '/not/there'] });
  await house.until('awaiting jobs');
  const { temporalAddress: address, temporalNamespace: namespace } = house.house();
  const connection = await Connection.connect({ address });
  const client = new Client({ connection, namespace });
  mkdirSync(saved, { recursive: true });
  const { version } = JSON.parse(readFileSync(path.join(import.meta.dirname, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  for (const job of await house.jobs()) {
    const history = await client.workflow.getHandle(job.id, job.runId).fetchHistory();
    const name = `${version}-${job.id.replace('/', '-')}-${job.status}.history`;
    writeFileSync(path.join(saved, name), History.encode(history).finish());
  }
  await connection.close();
}
