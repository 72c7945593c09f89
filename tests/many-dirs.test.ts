import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { Client, Connection, type WorkflowExecutionInfo } from '@temporalio/client';
import { startHouse, temporaryDir } from './support/house.ts';
import { settle, writeOld } from './support/pictures.ts';

const dirs = 250;

// What holds for a few hundred dirs holds for ten thousand: each run of the import takes one page of them.
test('an import of many dirs goes on as new, page by page, with a short history each', async (t) => {
  const photos = temporaryDir(t);
  for (let d = 0; d < dirs; d++) {
    writeOld(path.join(photos, `dir ${d}`, 'note.txt'), `note ${d}`);
    settle(path.join(photos, `dir ${d}`));
  }
  settle(photos);
  const house = await startHouse(t, { imports: [photos] });
  const { coverage } = await house.until('awaiting jobs');
  assert.deepEqual({ files: coverage.files, read: coverage.read }, { files: dirs, read: dirs });

  const { temporalAddress: address, temporalNamespace: namespace } = house.house();
  const connection = await Connection.connect({ address });
  t.after(() => connection.close());
  const client = new Client({ connection, namespace });
  const runs: WorkflowExecutionInfo[] = [];
  for await (const run of client.workflow.list({ query: "WorkflowId = 'import/1'" })) runs.push(run);
  assert.deepEqual(runs.map((run) => run.status.name).toSorted(), ['COMPLETED', 'CONTINUED_AS_NEW']);
  for (const run of runs)
    assert.ok(run.historyLength < 5_000, `${run.historyLength} events of the 51,200 there may be`);
  const chains = await client.workflow.count("JobKind = 'dirChain' AND ExecutionStatus = 'Completed'");
  assert.equal(chains.count, dirs);
  assert.equal((await house.jobs('kind=importPath')).length, 1, 'it is one job, not two');
});
