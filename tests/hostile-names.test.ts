import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { renameSync, symlinkSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { startHouse, temporaryDir } from './support/house.ts';
import { settle, writeOld, writePicture } from './support/pictures.ts';

const hostile: Buffer[] = [
  Buffer.from('plain.jpg'),
  Buffer.from('PLAIN.jpg'),
  Buffer.from('caf\u00e9.jpg'),
  Buffer.from('cafe\u0301.jpg'),
  Buffer.from([0x62, 0xe9, 0xff, 0x2e, 0x6a, 0x70, 0x67]),
  Buffer.from([0x62, 0xe9, 0xfe, 0x2e, 0x6a, 0x70, 0x67]),
  Buffer.from('new\nline.jpg'),
  Buffer.from('quote\'"`$(x);.jpg'),
  Buffer.from('<script>alert(1)<\u2215script>.jpg'),
  Buffer.from('-rf --no-preserve.jpg'),
  Buffer.from('\u202egpj.exe.jpg'),
  Buffer.from('%2e%2e%2f.jpg'),
  Buffer.from(`${'x'.repeat(251)}.jpg`),
  Buffer.from('\\back\\slash.jpg'),
  Buffer.from(' .jpg'),
];

test(
  'names are bytes: hostile ones are all found, read, shown and never mixed up',
  { skip: process.platform !== 'linux' && 'names are bytes on Linux only' },
  async (t) => {
    const photos = temporaryDir(t);
    const dir = path.join(photos, 'a\n<b>');
    for (const [i, name] of hostile.entries()) {
      await writePicture(path.join(dir, 'plain-name'), `rgb(${i * 15}, 100, 100)`);
      renameSync(path.join(dir, 'plain-name'), Buffer.concat([Buffer.from(`${dir}/`), name]));
    }
    // What is no file, and what is not to be looked at.
    execFileSync('mkfifo', [path.join(dir, 'pipe.jpg')]);
    const socket = net.createServer().listen(path.join(photos, 'socket.jpg'));
    t.after(() => socket.close());
    symlinkSync('..', path.join(dir, 'loop'));
    symlinkSync('plain.jpg', path.join(dir, 'link.jpg'));
    for (const ignored of [
      '.DS_Store',
      'Thumbs.db',
      '@eaDir/x.jpg',
      '.stfolder/y.jpg',
      '#recycle/z.jpg',
      '.hidden/h.jpg',
    ]) {
      writeOld(path.join(photos, ignored), 'x');
    }
    settle(dir, photos);

    const house = await startHouse(t, { imports: [photos] });
    const { coverage } = await house.until('awaiting jobs');
    assert.deepEqual(
      { files: coverage.files, read: coverage.read, failed: coverage.failed },
      { files: hostile.length, read: hostile.length, failed: 0 },
    );

    const files = await house.files('order=name');
    const names = new Set(files.map((file) => file.nameBytes));
    assert.deepEqual(names, new Set(hostile.map((name) => name.toString('base64'))));
    assert.equal(new Set(files.map((file) => file.hash)).size, hostile.length, 'each name has its own content');
    for (const file of files) {
      const tile = await fetch(`${house.url}/thumbs/${file.hash}-320.webp`);
      assert.equal(tile.headers.get('content-type'), 'image/webp', file.name);
      const original = await fetch(`${house.url}/originals/${file.id}`);
      assert.equal(original.status, 200, file.name);
      assert.equal((await original.arrayBuffer()).byteLength, file.size);
    }

    const dirs = (await house.get('/api/dirs')) as { dirs: { id: number; pathPrefix: string }[] };
    assert.deepEqual(dirs.dirs.map((each) => each.pathPrefix).toSorted(), ['', 'a\\x0a<b>']);
    for (const where of [
      '/',
      `/folders/${dirs.dirs.find((each) => each.pathPrefix !== '')?.id}`,
      `/photos/${files[0]?.id}`,
    ]) {
      const page = await (await fetch(house.url + where)).text();
      assert.doesNotMatch(page, /<script>alert/, where);
    }
  },
);
