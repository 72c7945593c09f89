import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import sharp from 'sharp';
import { fileType } from './kind.ts';
import { largeName } from './thumb-path.ts';
import { createPhotoReader, thumbPath, type PhotoReader, type Reading } from './reader.ts';

let folder: string;
let jpeg: Buffer;
let reader: PhotoReader;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reader-'));
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  jpeg = await sharp({ create: { width: 600, height: 400, channels: 3, noise, background: 'red' } })
    .withExif({
      IFD0: { Make: 'Canon', Model: 'Canon EOS 40D' },
      IFD2: { DateTimeOriginal: '2019:03:02 14:22:33', OffsetTimeOriginal: '+01:00' },
      IFD3: {
        ...{ GPSLatitudeRef: 'S', GPSLatitude: '33/1 51/1 0/1' },
        ...{ GPSLongitudeRef: 'W', GPSLongitude: '71/1 30/1 0/1' },
      },
    })
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toBuffer();
  reader = createPhotoReader({ thumbsDir: join(folder, 'thumbs'), tempDir: join(folder, 'temp'), workers: 2 });
});
after(async () => {
  await reader.close();
  await rm(folder, { recursive: true, force: true });
});

const unknown = (): Promise<boolean> => Promise.resolve(false);
const inFolder = (name: string | Buffer): Buffer => Buffer.concat([Buffer.from(`${folder}/`), Buffer.from(name)]);

async function put(name: string | Buffer, bytes: Buffer): Promise<Buffer> {
  const path = inFolder(name);
  await writeFile(path, bytes);
  return path;
}

function assertIsTheJpeg(reading: Reading, what: string): void {
  const { hash, decoded, metadata, error } = reading;
  assert.equal(error, null, what);
  assert.deepEqual(hash, createHash('sha256').update(jpeg).digest());
  assert.deepEqual([decoded?.width, decoded?.height], [400, 600]);
  assert.ok(metadata);
  const { tags, ...told } = metadata;
  assert.deepEqual(told, {
    taken: {
      ...{ takenAt: '2019-03-02T14:22:33', takenOffset: 60, takenZone: null, passedDates: [] },
      ...{ takenSource: 'EXIF:DateTimeOriginal', takenCertainty: 'certain' },
    },
    about: { title: null, description: null, rating: null, tags: [], people: [], regions: [] },
    ...{ camera: 'Canon EOS 40D', latitude: -33.85, longitude: -71.5, zone: 'America/Santiago' },
    ...{ orientation: 6, width: 400, height: 600, format: 'JPEG', duration: null, contentId: null, warnings: [] },
  });
  assert.equal(tags['File:MIMEType'], 'image/jpeg');
  assert.doesNotMatch(JSON.stringify(tags), /reader-/, 'nothing tells where the file lies');
}

test('a picture is hashed, shown and described, and left as it was', async () => {
  const path = await put('photo.jpg', jpeg);
  const before = await stat(path, { bigint: true });
  const reading = await reader.read(path, 'image', unknown);
  assertIsTheJpeg(reading, 'photo.jpg');
  assert.deepEqual([reading.size, reading.mtimeNs], [jpeg.length, before.mtimeNs]);
  for (const size of [320, 1440] as const) {
    const { format, width, height } = await sharp(
      thumbPath(join(folder, 'thumbs'), reading.hash.toString('hex'), size),
    ).metadata();
    assert.deepEqual([format, width, height], ['webp', size === 320 ? 213 : 400, size === 320 ? 320 : 600]);
  }
  assert.deepEqual(await readFile(path), jpeg);
  const { mtimeNs, ctimeNs } = await stat(path, { bigint: true });
  assert.deepEqual([mtimeNs, ctimeNs], [before.mtimeNs, before.ctimeNs]);
});

test('of a known content only the hash is taken, and it is asked for once', async () => {
  const path = await put('known.jpg', jpeg);
  const asked: Buffer[] = [];
  const reading = await reader.read(path, 'image', (hash) => (asked.push(hash), Promise.resolve(true)));
  assert.deepEqual(asked, [reading.hash]);
  assert.deepEqual([reading.decoded, reading.metadata, reading.error], [null, null, null]);
});

test('names are bytes', async () => {
  const names = [
    ...['-execute.jpg', '#comment.jpg', ' leading and trailing .jpg', 'a|b.jpg|', '<script>.jpg', '%d%f.jpg'],
    ...['two\nlines\n-delete_original\n.jpg', '\r.jpg', '\t.jpg', 'Zoë 🐈.jpg', 'Zoe\u0308.jpg', '"\'`$(id)\\.jpg'],
    ...['no extension', '.jpg', `${'n'.repeat(251)}.jpg`, `${'é'.repeat(127)}x`, 'a.\n', '*.jpg', '@.jpg', '&.jpg'],
    ...[Buffer.from('\xff\xfe invalid \xc3\x28.jpg', 'latin1'), Buffer.from('x.\xff', 'latin1')],
  ];
  for (const name of names) {
    const path = await put(name, jpeg);
    assertIsTheJpeg(await reader.read(path, 'image', unknown), JSON.stringify(String(name)));
    assert.deepEqual(await readFile(path), jpeg);
    await rm(path);
  }
  assert.deepEqual(await readdir(join(folder, 'temp')), [], 'no link is left');
});

test('equal contents read at the same time give equal results', async () => {
  const bytes = await sharp(jpeg).keepExif().flip().toBuffer();
  const paths = await Promise.all(['a.jpg', 'b.jpg', 'c.jpg', 'd.jpg'].map((name) => put(name, bytes)));
  const asked: string[] = [];
  const readings = await Promise.all(
    paths.map((path) => reader.read(path, 'image', () => (asked.push(String(path)), unknown()))),
  );
  assert.equal(new Set(asked).size, 4);
  for (const { decoded, metadata, error } of readings) {
    assert.ok(decoded && metadata);
    assert.deepEqual([decoded, metadata, error], [readings[0]?.decoded, readings[0]?.metadata, null]);
  }
});

test('bad files are results', async () => {
  const read = async (name: string, bytes: Buffer): Promise<string[]> => {
    const { decoded, metadata, error } = await reader.read(
      await put(name, bytes),
      fileType(Buffer.from(name)),
      unknown,
    );
    return [decoded ? 'picture' : '-', metadata ? 'metadata' : '-', error?.code ?? '-'];
  };
  assert.deepEqual(await read('zero.jpg', Buffer.alloc(0)), ['-', '-', 'decode.failed']);
  assert.deepEqual(await read('text.jpg', Buffer.from('hello')), ['-', 'metadata', 'decode.failed']);
  assert.deepEqual(await read('half.jpg', jpeg.subarray(0, jpeg.length / 2)), [
    'picture',
    'metadata',
    'decode.damaged',
  ]);
  assert.deepEqual(await read('zero.mp4', Buffer.alloc(0)), ['-', '-', 'decode.failed']);
  assert.deepEqual(await read('zeros.mov', Buffer.alloc(100)), ['-', '-', 'decode.failed']);
  assert.deepEqual(await read('notes.txt', Buffer.from('hello')), ['-', 'metadata', '-']);
  assert.deepEqual(await read('zero', Buffer.alloc(0)), ['-', 'metadata', '-']);
  assert.deepEqual(await read('raw.nef', jpeg), ['picture', 'metadata', '-']);
  const folded = await reader.read(Buffer.from(folder), 'image', unknown).catch((error: unknown) => error);
  assert.equal((folded as { code?: string }).code, 'file.unreadable');
});

test('sidecars are described', async () => {
  const xmp = `<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
    <rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4" xmp:CreateDate="2001-02-03T04:05:06+02:00"/>
    </rdf:RDF></x:xmpmeta>`;
  const { decoded, metadata, error } = await reader.read(await put('a.xmp', Buffer.from(xmp)), 'sidecar', unknown);
  assert.deepEqual([decoded, error], [null, null]);
  assert.deepEqual([metadata?.taken.takenAt, metadata?.taken.takenOffset], ['2001-02-03T04:05:06', 120]);
  assert.equal(metadata?.about.rating, 4);
});

test('whatever ends the process, its helpers end with it', async () => {
  const path = await put('orphan.jpg', jpeg);
  const script = `
    import { execFileSync } from 'node:child_process';
    import { createPhotoReader } from ${JSON.stringify(import.meta.resolve('./reader.ts'))};
    const reader = createPhotoReader(${JSON.stringify({ thumbsDir: join(folder, 't'), tempDir: folder, workers: 1 })});
    await reader.read(Buffer.from(${JSON.stringify(String(path))}), 'image', async () => false);
    console.log(execFileSync('pgrep', ['-P', String(process.pid)], { encoding: 'utf8' }).split('\\n').join(' '));
    setInterval(() => {}, 1000);
  `;
  const args = ['--import', import.meta.resolve('tsx'), '--input-type=module', '-e', script];
  const house = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await house.stdout.take(1).toArray()) as Buffer[];
  const helpers = String(said).trim().split(' ').map(Number);
  house.kill('SIGKILL');
  assert.equal(helpers.length, 2, 'a decoder and ExifTool');
  const alive = async (pid: number): Promise<boolean> => {
    const status = await readFile(`/proc/${pid}/stat`, 'latin1').catch(() => '');
    return status !== '' && !/\) Z /.test(status);
  };
  if (!existsSync('/proc/self/stat')) return;
  for (const pid of helpers) while (await alive(pid)) await wait(50);
});

test('a larger version of a picture is upright, 4000 px long, and of that content alone', async () => {
  const { create } = { create: { width: 6000, height: 3000, channels: 3, background: 'red' } } as const;
  const bytes = await sharp({ create }).withMetadata({ orientation: 6 }).jpeg().toBuffer();
  const path = await put('large.jpg', bytes);
  const into = join(folder, 'thumbs', largeName(7));
  const hash = createHash('sha256').update(bytes).digest();
  await reader.enlarge(path, { hash: Buffer.alloc(32), orientation: null }, into);
  assert.equal(existsSync(into), false, 'the file is another one than was asked for');
  await reader.enlarge(path, { hash, orientation: 6 }, into);
  const { width, height, format } = await sharp(into).metadata();
  assert.deepEqual([width, height, format], [2000, 4000, 'jpeg']);
});
