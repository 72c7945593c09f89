/**
 * A library with names, a plan and choices is backed up while it runs, restored elsewhere, loses the memory of its jobs, and
 * its thumbnails: each time it comes back, with no work done twice and nothing lost.
 */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { check, checkSame, command, drill, eventually, killedAt, known, step, writeFiles } from './support.mjs';

/** The same without the times of reading. */
const withoutReading = (all) =>
  Object.fromEntries(
    Object.entries(all).map(([name, rows]) => [
      name,
      rows
        .map((text) => {
          const { read_at: _, decode_ms: __, ...row } = JSON.parse(text);
          return JSON.stringify(row);
        })
        .sort(),
    ]),
  );

const thumbsIn = (dataDir) => {
  const dir = join(dataDir, 'thumbs');
  if (!existsSync(dir)) return {};
  const files = readdirSync(dir, { recursive: true }).filter((name) => name.endsWith('.webp'));
  return Object.fromEntries(files.sort().map((name) => [name, statSync(join(dataDir, 'thumbs', name)).size]));
};

await drill('restore', async ({ place, start }) => {
  const [photos, storage, first, second, third] = ['photos', 'storage', 'first', 'second', 'third'].map((name) =>
    join(place, name),
  );
  step('1. A library is imported: pictures, faces, a name that a person gave, a plan with a choice.');
  const faceApi = dirname(dirname(createRequire(import.meta.url).resolve('@vladmandic/face-api')));
  const people = readFileSync(join(faceApi, 'demo', 'sample1.jpg'));
  const colours = ['red', 'green', 'blue', 'teal', 'gold'];
  for (const background of colours) {
    const picture = await sharp({ create: { width: 96, height: 64, channels: 3, background } })
      .jpeg()
      .toBuffer();
    writeFiles(photos, { [`${background}/p.jpg`]: picture });
  }
  writeFiles(photos, { 'people/three.jpg': people, 'people/note.txt': 'no picture' });
  writeFiles(storage, { 'there/before.txt': 'before' });
  let house = await start({ dataDir: first, imports: [photos] });
  await house.until('awaiting jobs');
  await house.send('PUT', '/api/settings', { storagePaths: [storage], watchImports: false });
  await eventually('the faces', async () => (await house.get('/api/jobs/faces%2F1')).endedAt);
  const [file] = (await house.get('/api/files?q=three')).files;
  const { faces } = await house.get(`/api/files/${file.id}/faces`);
  await house.send('POST', '/api/people', { name: 'Marie' });
  await house.send('POST', '/api/people/1/refimgs', { face: faces[0].id });
  await house.ended('identify/1');
  await house.send('POST', `/api/faces/${faces[0].id}`, { do: 'confirm', person: 1 });
  await house.send('POST', `/api/faces/${faces[1].id}`, { do: 'reject', person: 1 });
  const { roots } = await house.get('/api/roots');
  const to = roots.find(({ kind }) => kind === 'storage').id;
  const { id: plan } = await house.send('POST', '/api/plans', { root: to });
  await house.ended(`plan/${plan}`);
  const { moves } = await house.get(`/api/plans/${plan}/moves`);
  await house.send('POST', `/api/plans/${plan}/choose`, { units: [moves[0].unit], choice: 'leave' });
  await eventually('the plan', async () => (await house.get(`/api/plans/${plan}`)).state === 'draft');
  await house.idle();
  const before = await known(house.databaseUrl());
  const thumbs = thumbsIn(first);
  check(
    `it holds ${before.file.length} files, ${before.face.length} faces, ${before.move.length} planned moves`,
    before.face.length > 0 && before.move_choice.length === 1,
  );
  const said = before.file_person_link.map((row) => JSON.parse(row).state).sort();
  checkSame('a person said who is who', said, ['confirmed', 'rejected']);

  step('2. It is backed up while it runs, once with its thumbnails and once without.');
  const [whole, small] = [join(place, 'whole.backup'), join(place, 'small.backup')];
  for (const args of [[whole, '--thumbs'], [small]]) {
    const { code, output } = await command(first, 'backup', ...args);
    check(output.split('\n')[0], code === 0);
  }
  checkSame('nothing of it has changed by that', await known(house.databaseUrl()), before);
  await house.stop();

  step('3. The backup is restored into another data folder, and started.');
  const killed = await killedAt('Loading it', second, 'restore', whole);
  check('it is killed in its middle', killed.code === null, killed.output);
  const early = await command(second, 'start');
  check('what it left is not started', early.code === 1 && early.output.includes('backup.unfinished'), early.output);
  const restored = await command(second, 'restore', whole);
  check('it is restored', restored.code === 0, restored.output);
  const again = await command(second, 'restore', whole);
  check(
    'a second time it is refused, for the place is not empty',
    again.code === 1 && again.output.includes('backup.not-empty'),
    again.output,
  );
  house = await start({ dataDir: second });
  await house.until('awaiting jobs');
  await house.idle();
  checkSame('nothing was done again, and nothing is lost', await known(house.databaseUrl()), before);
  checkSame('all thumbnails are there', thumbsIn(second), thumbs);
  await house.stop();

  step('4. The memory of all jobs is lost.');
  rmSync(join(second, 'temporal'), { recursive: true });
  house = await start({ dataDir: second });
  await house.until('awaiting jobs');
  await house.idle();
  checkSame('nothing was done again, and nothing is lost', await known(house.databaseUrl()), before);
  const page = await fetch(`${house.url}/sorter/plans/${plan}`);
  check('the plan is there, and can be gone on with', page.ok);
  await house.stop();

  step('5. A backup without thumbnails is restored: these are made again from the photos.');
  check('it is restored', (await command(third, 'restore', small)).code === 0);
  house = await start({ dataDir: third });
  await house.until('awaiting jobs');
  await eventually('the thumbnails', async () => Object.keys(thumbsIn(third)).length === Object.keys(thumbs).length);
  await house.idle();
  checkSame('the thumbnails are what they were', thumbsIn(third), thumbs);
  checkSame(
    'all else is what it was: faces keep their numbers and names',
    await known(house.databaseUrl(), false),
    await withoutReading(before),
  );

  step('6. The folder of thumbnails is lost: one command makes them again.');
  rmSync(join(third, 'thumbs'), { recursive: true });
  const remade = await command(third, 'remake-thumbs');
  check(remade.output.split('\n')[0], remade.code === 0, remade.output);
  await eventually('the thumbnails', async () => Object.keys(thumbsIn(third)).length === Object.keys(thumbs).length);
  await house.idle();
  checkSame('the thumbnails are what they were', thumbsIn(third), thumbs);
});
