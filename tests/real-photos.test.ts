import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import Value from 'typebox/value';
import { DirsReply } from '../web/api/schema.ts';
import { eventually, startHouse, temporaryDir } from './support/house.ts';
import { writeOld } from './support/pictures.ts';
import { noRealPictures, realFiles, realPictures } from './support/real-pictures.ts';

/** Ten of each kind and folder do: what becomes of every single one is another test's, without the rest of the house. */
function copyOfEachKind(to: string): string[] {
  const kinds = Map.groupBy(realFiles('camera', 'mixed'), (name) => `${name.split('/')[0]} ${path.extname(name)}`);
  return [...kinds.values()].flatMap((names) =>
    names.slice(0, 10).map((name) => {
      const copy = path.join(to, name);
      writeOld(copy, readFileSync(path.join(realPictures, name)));
      return copy;
    }),
  );
}

test(
  'what real cameras wrote is imported whole: every file accounted for, each failure with a reason',
  { skip: noRealPictures },
  async (t) => {
    const photos = temporaryDir(t);
    const onDisk = copyOfEachKind(photos).filter((file) => !/^(\._|\.DS_Store)/.test(path.basename(file)));
    const house = await startHouse(t, { imports: ['camera', 'mixed'].map((name) => path.join(photos, name)) });
    const { coverage, jobs } = await house.until('awaiting jobs', 600_000);
    assert.equal(coverage.files, onDisk.length);
    assert.equal(coverage.read, onDisk.length);
    assert.equal(jobs.failed, 0, 'a bad file never fails a job');

    const files = await house.files('order=name');
    assert.deepEqual(files.map((file) => file.path).toSorted(), onDisk.toSorted());
    for (const file of files) {
      assert.ok(file.readAt, file.path);
      assert.equal(file.hash, createHash('sha256').update(readFileSync(file.path)).digest('hex'), file.path);
      if (file.error) {
        assert.match(file.error.code, /^(decode|metadata|file)\./, file.path);
        assert.ok(file.error.message.length > 10, file.path);
        const page = await (await fetch(`${house.url}/photos/${file.id}`)).text();
        assert.ok(
          page.includes(file.error.code) || page.includes(escapeHtml(file.error.message)),
          `the page of ${file.path} tells the reason`,
        );
      }
      if (file.thumb) {
        for (const size of [320, 1440]) {
          const thumb: Response = await fetch(`${house.url}/thumbs/${file.hash}-${size}.webp`);
          assert.equal(thumb.status, 200, `${file.path} ${size}`);
          await thumb.arrayBuffer();
        }
      }
    }
    const pictures = files.filter((file) => /\.(jpe?g|png|webp|avif|gif|tiff?)$/i.test(file.name));
    const shown = pictures.filter((file) => file.thumb);
    t.diagnostic(
      `${files.length} files, ${shown.length} of ${pictures.length} JPEG, PNG, WebP, AVIF, GIF and TIFF shown, ${coverage.failed} with a reason`,
    );
    assert.ok(
      pictures.every((file) => file.thumb || file.error),
      'what has no picture has a reason',
    );
    assert.ok(shown.length > 0);
    assert.ok(
      files.some((file) => file.camera),
      'cameras are known',
    );
    assert.ok(
      files.some((file) => file.latitude !== null),
      'places are known',
    );

    await eventually('all jobs to have ended', 300_000, async () => (await house.status()).jobs.running === 0);
    const { dirs } = Value.Parse(DirsReply, await house.get('/api/dirs?limit=200'));
    assert.deepEqual(
      dirs.map(({ path, numSearched, numFacesFailed }) => [path, numSearched, numFacesFailed]),
      dirs.map(({ path, numPictures }) => [path, numPictures, 0]),
      'faces were looked for in every picture',
    );
  },
);

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
