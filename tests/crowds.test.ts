import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import sharp from 'sharp';
import Type from 'typebox';
import Value from 'typebox/value';
import { modelDir } from '../faces/backend.ts';
import { Face } from '../model/people.ts';
import { PhotoFile } from '../model/library.ts';
import { openDatabase } from '../sql/database.ts';
import { startHouse, temporaryDir } from './support/house.ts';
import { settle, writeOld } from './support/pictures.ts';

/** Six times three people far apart from each other, each face about a hundred pixels of 4000: 38 in the preview. */
async function crowdOfPeople(): Promise<Buffer> {
  const people = await sharp(path.join(modelDir, '..', 'demo', 'sample1.jpg'))
    .resize({ width: 640 })
    .toBuffer();
  const places = [0, 1, 2, 3, 4, 5].map((i) => ({ left: 200 + (i % 3) * 1300, top: 300 + Math.floor(i / 3) * 1500 }));
  return await sharp({ create: { width: 4000, height: 3000, channels: 3, background: '#5a6a60' } })
    .composite(places.map((place) => ({ input: people, ...place })))
    .jpeg({ quality: 92 })
    .toBuffer();
}

test('a crowd is looked at in a larger version of its picture', async (t) => {
  const photos = temporaryDir(t, 'photo-assistant-crowds-');
  const picture = path.join(photos, 'stage', 'crowd.jpg');
  writeOld(picture, await crowdOfPeople());
  settle(path.join(photos, 'stage'), photos);
  const original = readFileSync(picture);
  const house = await startHouse(t, { imports: [photos] });
  const sql = openDatabase(house.house().databaseUrl, { max: 1 });
  t.after(() => sql.end());
  const larger = path.join(house.dataDir, 'thumbs', 'large');

  const onlyFile = async () => {
    const { files } = Value.Parse(Type.Object({ files: Type.Array(PhotoFile) }), await house.get('/api/files?q=crowd'));
    return files[0] ?? assert.fail('the crowd is imported');
  };
  const faces = async (): Promise<Face[]> =>
    Value.Parse(Type.Object({ faces: Type.Array(Face) }), await house.get(`/api/files/${(await onlyFile()).id}/faces`))
      .faces;
  const lookAgain = async (): Promise<void> => {
    await house.send('POST', '/api/jobs', { kind: 'facesOfPath', root: 1, again: true });
    await house.ended('faces/1', 120_000);
  };

  await house.ended('faces/1', 120_000);
  const found = await faces();

  await t.test('where its faces are whole, the picture stays as it was, and nothing is left over', () => {
    assert.equal(found.length, 18);
    assert.ok(found.every((face) => face.size > 50));
    assert.deepEqual(readdirSync(larger), []);
    assert.deepEqual(readFileSync(picture), original);
  });

  await t.test(
    'looked at again, its faces keep their numbers and names; what was left of other bytes is not looked at',
    async () => {
      const one = found[0] ?? assert.fail();
      await house.send('POST', `/api/faces/${one.id}`, { do: 'confirm', name: 'Ada' });
      copyFileSync(path.join(modelDir, '..', 'demo', 'sample2.jpg'), path.join(larger, `${(await onlyFile()).id}.jpg`));
      await sql`UPDATE file SET wants_larger = true, faces_hash = decode(repeat('00', 32), 'hex')`;
      await lookAgain();
      const again = await faces();
      assert.deepEqual(
        again.map((face) => face.id),
        found.map((face) => face.id),
      );
      assert.equal(again[0]?.name?.person.name, 'Ada');
    },
  );

  await t.test('while the original cannot be read, the preview has to do', async () => {
    renameSync(picture, `${picture}.away`);
    await lookAgain();
    renameSync(`${picture}.away`, picture);
    const [row] = await sql`SELECT wants_larger, faces_error_code FROM file`;
    assert.deepEqual(row, { wants_larger: false, faces_error_code: null });
    const small = await faces();
    assert.ok(small.length > 0 && small.filter((face) => face.name === null).every((face) => face.size < 50));
    assert.equal(small.find((face) => face.name)?.name?.person.name, 'Ada', 'what people said stays');
  });

  await t.test('without a preview either, the picture says so, and what fails is run again later', async () => {
    const hash = (await onlyFile()).hash ?? assert.fail();
    const preview = path.join(house.dataDir, 'thumbs', hash.slice(0, 2), hash.slice(2, 4), `${hash}-1440.webp`);
    renameSync(preview, `${preview}.away`);
    await sql`UPDATE file SET wants_larger = true`;
    renameSync(picture, `${picture}.away`);
    await lookAgain();
    const [row] = await sql`SELECT wants_larger, faces_error_code FROM file`;
    assert.deepEqual(row, { wants_larger: false, faces_error_code: 'faces.failed' });

    const { id } = await onlyFile();
    const drawn = await house.send('POST', `/api/files/${id}/faces`, {
      box: { x: 0.9, y: 0.8, w: 0.05, h: 0.05 },
      name: 'Grace',
    });
    const { job } = Value.Parse(Type.Object({ job: Type.String() }), drawn.body);
    assert.equal((await house.ended(job, 120_000)).status, 'failed');
    renameSync(`${preview}.away`, preview);
    renameSync(`${picture}.away`, picture);
    await house.send('POST', `/api/jobs/${encodeURIComponent(job)}/again`);
    assert.equal((await house.ended(job, 120_000)).status, 'completed', 'run again, it draws what it was told to');
    assert.ok((await faces()).some((face) => face.byHand && face.name?.person.name === 'Grace'));
  });
});
