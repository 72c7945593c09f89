import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { startHouse } from './support/house.ts';

const data = path.join(import.meta.dirname, '..', '..', 'shared', 'data');
const folders = ['camera', 'mixed'].map((name) => path.join(data, name));
const missing = !folders.every((folder) => existsSync(folder)) && `the real pictures are not at ${data}`;

test(
  'what real cameras wrote is imported whole: every file accounted for, each failure with a reason',
  { skip: missing },
  async (t) => {
    const onDisk = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile() && !entry.name.startsWith('._') && entry.name !== '.DS_Store')
        .map((entry) => path.join(entry.parentPath, entry.name)),
    );
    const house = await startHouse(t, { imports: folders });
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
  },
);

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
