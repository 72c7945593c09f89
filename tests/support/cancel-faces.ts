import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import { openDatabase } from '../../sql/database.ts';
import { eventually, type RunningHouse } from './house.ts';
import { facesIn, namesIn } from './snapshot.ts';

/** Looks for all faces again, and cancels that in the middle: what is known of them is as before, with true counts. */
export async function cancelFaces(t: TestContext, house: RunningHouse): Promise<void> {
  const sql = openDatabase(house.house().databaseUrl, { max: 1 });
  try {
    const known = async () => ({ faces: await facesIn(sql), names: await namesIn(sql) });
    const before = await known();
    const [last] = await sql<{ scan: number }[]>`SELECT max(id) AS scan FROM ai_scan`;
    const searchedAgain = async () =>
      Number((await sql`SELECT count(*) FROM file WHERE faces_scan_id > ${last?.scan ?? 0}`)[0]?.count);
    await house.send('POST', '/api/jobs', { kind: 'facesOfPath', root: 1, again: true });
    await eventually('the first pictures to be looked at again', 120_000, async () => (await searchedAgain()) > 0);

    const canceled = performance.now();
    assert.equal((await house.send('POST', '/api/jobs/faces%2F1/cancel')).status, 202);
    assert.equal((await house.ended('faces/1', 60_000)).status, 'canceled');
    await eventually('its chains to end', 60_000, async () => (await house.status()).jobs.running === 0);
    t.diagnostic(`canceled within ${Math.round(performance.now() - canceled)} ms`);
    const chains = (await house.jobs('kind=dirChain&parent=faces%2F1')).map((job) => job.status);
    assert.ok(chains.includes('canceled'), 'it was in the middle of its work');

    assert.deepEqual(await known(), before);
    const untrue = await sql`
      SELECT id FROM file, LATERAL (
        SELECT count(*) AS faces, coalesce(bool_or(marked IS NULL AND NOT EXISTS (
          SELECT FROM file_person_link l WHERE l.face_id = face.id AND state <> 'rejected' AND NOT perhaps)), false) AS open
        FROM face WHERE file_id = file.id) AS really
      WHERE num_faces <> faces OR has_unidentified_face <> open`;
    assert.deepEqual([...untrue], [], 'what is told of each file is true');
    const miscounted = await sql`
      SELECT id FROM dir WHERE num_searched <> (
        SELECT count(*) FROM file JOIN content ON content.hash = file.hash AND thumb
        WHERE dir_id = dir.id AND type = 'image' AND faces_hash = file.hash)`;
    assert.deepEqual([...miscounted], []);
  } finally {
    await sql.end();
  }
}
