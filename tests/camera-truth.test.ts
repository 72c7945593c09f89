/**
 * What is made of the files that cameras, phones and programs really wrote, compared with what other programs make of
 * them. The pictures are no part of the project; without them most of this is skipped.
 *
 * `UPDATE_SNAPSHOTS=1 node --import tsx --test tests/camera-truth.test.ts` writes the table of dates anew, to be
 * reviewed line by line.
 */
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import sharp, { type Sharp } from 'sharp';
import { fileType } from '../photos/kind.ts';
import { metadataOf } from '../photos/metadata.ts';
import { createPhotoReader, thumbPath, type Reading } from '../photos/reader.ts';
import { whenTaken } from '../photos/when.ts';
import { flatTags, type FlatTags } from './support/exiftool.ts';
import { temporaryDir } from './support/house.ts';
import { disagreements, uprightSizeIn } from './support/metadata-truth.ts';
import { rawFile } from './support/raw.ts';
import { noRealPictures, realFiles, realPictures } from './support/real-pictures.ts';
import { withoutPicture } from './support/without-picture.ts';

// Where nothing else tells, a date is shown by the clock of this machine.
process.env.TZ = 'UTC';

const folders = ['camera', 'mixed'];
const real = { skip: noRealPictures };

const dir = temporaryDir({ after });
const reader = createPhotoReader({ thumbsDir: path.join(dir, 'thumbs'), tempDir: path.join(dir, 'temp'), workers: 2 });
let readings: Map<string, Reading>;
let plain: Map<string, FlatTags>;
let grouped: Map<string, FlatTags>;

before(
  async () => {
    if (noRealPictures) return;
    readings = new Map(
      await Promise.all(
        realFiles(...folders).map(async (name): Promise<[string, Reading]> => [
          name,
          await read(path.join(realPictures, name)),
        ]),
      ),
    );
    // Names as words, all else as numbers: what is asked for first counts.
    const tags = ['-Make', '-Model', '-all#'];
    plain = await flatTags(realPictures, folders, tags);
    grouped = await flatTags(realPictures, folders, ['-G0', '-api', 'Geolocation=1', ...tags]);
  },
  { timeout: 600_000 },
);
after(() => reader.close());

async function read(file: string): Promise<Reading> {
  const name = Buffer.from(file);
  return await reader.read(name, fileType(name), () => Promise.resolve(false));
}

const shown = ({ hash }: Reading, size: 320 | 1440): string =>
  thumbPath(path.join(dir, 'thumbs'), hash.toString('hex'), size);

test('every file is told of, and ExifTool says something of each', real, () => {
  assert.ok(readings.size >= 290);
  for (const said of [plain, grouped]) assert.deepEqual([...said.keys()].sort(), [...readings.keys()].sort());
});

test('a picture of every file of which any program makes one; of the others a reason', real, () => {
  const found: Record<string, string> = {};
  for (const [name, { type, decoded, error }] of readings) {
    if (!decoded && type !== 'sidecar') found[name] = error?.message ?? 'no reason';
  }
  assert.deepEqual(found, withoutPicture);
});

/** They are: test pictures, and one that was made very small to be published. */
const ofOneColour = [
  'camera/avif/32Bit-72dpi-sRGB-800x600.avif',
  'camera/bmp/24bpp-10x10.bmp',
  'camera/bmp/256color-10x10.bmp',
  'camera/bmp/bmpsuite/q/pal1p1.bmp',
  'camera/jpg/Issue 508.jpg',
  'camera/jpg/Issue 614.jpg',
  'camera/psd/8x4x8bit-Grayscale.psd',
];

test(
  'what is shown is more than one flat colour, which is all that some decoders make of what they can’t',
  real,
  async () => {
    const flat: string[] = [];
    for (const [name, reading] of readings) {
      if (!reading.decoded) continue;
      const { data } = await pixelsOf(sharp(shown(reading, 320)));
      const farthest = data.reduce((most, value, at) => Math.max(most, Math.abs(value - (data[at % 3] ?? 0))), 0);
      if (farthest <= 8) flat.push(name);
    }
    assert.deepEqual(flat, ofOneColour);
  },
);

test('camera, place, orientation, date and offset are what ExifTool says', real, () => {
  const found: Record<string, string[]> = {};
  for (const [name, { metadata }] of readings) {
    const said = { plain: plain.get(name)!, grouped: grouped.get(name)! };
    // What ExifTool can't name has no metadata.
    if (said.plain.FileType === undefined) assert.equal(metadata, null, name);
    else {
      assert.ok(metadata, name);
      const problems = disagreements(metadata, said);
      if (problems.length > 0) found[name] = problems;
    }
  }
  assert.deepEqual(found, {});
});

/**
 * OS/2's second bitmaps, whose header ExifTool takes for one with lengths of two bytes, and those in an array, which it
 * does not know; and JPEGs that are broken before their size.
 */
const otherSizes: Record<string, [number, number]> = {
  'camera/bmp/MEMSIZE.BMP': [64, 64],
  'camera/bmp/QCb.BMP': [82, 112],
  'camera/bmp/QDb.BMP': [82, 112],
  'camera/bmp/QSb.BMP': [82, 112],
  'camera/bmp/SPADE.BMP': [58, 79],
  'camera/bmp/bmpsuite/q/pal1huff.bmp': [127, 64],
  'camera/jpg/ImageTestSuite/21a84b8472f6d18f5bb5c0026e97cfaa.jpg': [100, 769],
  'camera/jpg/ImageTestSuite/3cc4a7fc6481ea3681138da4643f3d16.jpg': [177, 30],
  'camera/jpg/ImageTestSuite/75e4bd7544a85af6438497980b62fba5.jpg': [251, 87],
  'camera/jpg/ImageTestSuite/a7326ba8f3f4559991126474dd30083d.jpg': [1099, 85],
  'camera/jpg/ImageTestSuite/ba60305ac83fe3d8ef01da1d9a0ecc79.jpg': [251, 87],
  'camera/jpg/ImageTestSuite/d15b71b8cebe35a57cc6e996cc09218b.jpg': [96, 132],
  'camera/jpg/ImageTestSuite/e6d9eca2c7405e13cfb850b7d0ef7476.jpg': [260, 261],
  'camera/jpg/ImageTestSuite/f6419b06a39ff09604343848658b1a41.jpg': [150, 200],
};

test('width and height are those that ExifTool tells, upright', real, () => {
  const found: Record<string, unknown> = {};
  for (const [name, { decoded }] of readings) {
    if (!decoded) continue;
    const expected = uprightSizeIn(plain.get(name)!);
    if (expected?.[0] !== decoded.width || expected[1] !== decoded.height)
      found[name] = [decoded.width, decoded.height];
  }
  assert.deepEqual(found, otherSizes);
});

test('the table of dates, with their sources, is the one that was reviewed', real, () => {
  const now = new Date('2026-01-01T00:00:00Z');
  const lines = Array.from(readings, ([name, { metadata }]) => {
    const own = metadata && metadataOf(metadata.tags, now);
    const { takenAt, takenOffset, takenZone, takenCertainty, takenSource, passedDates } = whenTaken({
      ...{ metadata: own?.taken ?? null, zone: own?.zone ?? null, now },
      // None of these sidecars lies beside its picture.
      sidecar: null,
      name: path.basename(name),
      mtime: new Date('2020-06-01T12:00:00Z'),
    });
    const told = [takenAt, takenOffset, takenZone, takenCertainty, takenSource].map((value) => value ?? '-');
    return [name, ...told, passedDates.length].join('  ');
  });
  const table = `${lines.join('\n')}\n`;
  const file = path.join(import.meta.dirname, 'snapshots', 'dates.txt');
  if (process.env.UPDATE_SNAPSHOTS) writeFileSync(file, table);
  assert.deepEqual(table.split('\n'), readFileSync(file, 'utf8').split('\n'));
});

const heifConvert = spawnSync('heif-convert', ['--help'], { stdio: 'ignore' }).error === undefined;

test(
  'HEIC looks as another decoder shows it',
  { skip: noRealPictures || (!heifConvert && 'there is no heif-convert') },
  async (t) => {
    const decoded = [...readings].filter(([name, reading]) => /\.hei[cf]$/.test(name) && reading.decoded);
    assert.ok(decoded.length >= 6);
    for (const [name, reading] of decoded) {
      const file = path.join(dir, 'other.jpg');
      await promisify(execFile)('heif-convert', ['-q', '100', path.join(realPictures, name), file]);
      const size = await sharp(file).metadata();
      assert.deepEqual([size.width, size.height], [reading.decoded?.width, reading.decoded?.height], name);
      const ours = await pixelsOf(sharp(shown(reading, 1440)));
      const { width, height } = ours.info;
      // Its profile is heeded by this, too.
      const theirs = await pixelsOf(sharp(file).resize({ width, height, fit: 'fill' }));
      const error = meanDifference(ours.data, theirs.data);
      t.diagnostic(`${name}: a mean error of ${error.toFixed(2)} of 255`);
      assert.ok(error < 3, name);
    }
  },
);

const pixelsOf = (image: Sharp) =>
  image.toColourspace('srgb').removeAlpha().raw().toBuffer({ resolveWithObject: true });

function meanDifference(a: Buffer, b: Buffer): number {
  assert.equal(a.length, b.length);
  return a.reduce((sum, value, i) => sum + Math.abs(value - (b[i] ?? 0)), 0) / a.length;
}

const quarters = ['red', 'lime', 'blue', 'yellow'] as const;

/** A picture whose quarters, row by row, have these colours. */
const picture = (width: number, height: number): Sharp =>
  sharp({ create: { width, height, channels: 3, background: 'red' } }).composite(
    quarters.map((background, i) => ({
      input: { create: { width: width / 2, height: height / 2, channels: 3, background } },
      left: (i % 2) * (width / 2),
      top: Math.floor(i / 2) * (height / 2),
    })),
  );

/** EXIF 2.32, tag 0x0112: how the upright picture lies in a file of each orientation. (sharp mirrors before it turns.) */
const stored: ((upright: Sharp) => Sharp)[] = [
  (upright) => upright,
  (upright) => upright.flop(),
  (upright) => upright.rotate(180),
  (upright) => upright.flip(),
  (upright) => upright.flip().rotate(90),
  (upright) => upright.rotate(270),
  (upright) => upright.flop().rotate(90),
  (upright) => upright.rotate(90),
];

async function assertUpright(file: string, bytes: Buffer, orientation: number): Promise<void> {
  writeFileSync(file, bytes);
  const reading = await read(file);
  const what = `${path.extname(file)} ${orientation}`;
  assert.equal(reading.metadata?.orientation, orientation, what);
  assert.deepEqual([reading.decoded?.width, reading.decoded?.height], [1200, 800], what);
  const { data, info } = await pixelsOf(sharp(shown(reading, 1440)).resize({ width: 4, height: 4, fit: 'fill' }));
  assert.equal(info.channels, 3);
  const corners = [0, 3, 12, 15].map((at) => [...data.subarray(at * 3, at * 3 + 3)].map((value) => value > 127));
  const [on, off] = [true, false];
  assert.deepEqual(corners, [[on, off, off], [off, on, off], [off, off, on], [on, on, off]], what); // prettier-ignore
}

test('every orientation is shown upright, mirrored ones too, also that of a RAW file’s picture', async () => {
  const upright = await picture(1200, 800).png().toBuffer();
  const tiff = sharp({ create: { width: 160, height: 120, channels: 3, background: 'white' } });
  for (const [i, lay] of stored.entries()) {
    const orientation = i + 1;
    const lying = await lay(sharp(upright)).png().toBuffer();
    const jpeg = await sharp(lying).jpeg().toBuffer();
    const marked = await sharp(lying).withMetadata({ orientation }).jpeg().toBuffer();
    await assertUpright(path.join(dir, `${orientation}.jpg`), marked, orientation);
    await assertUpright(path.join(dir, `${orientation}.cr2`), rawFile(jpeg, { orientation }), orientation);
    const container = await tiff.clone().withMetadata({ orientation }).tiff({ compression: 'none' }).toBuffer();
    await assertUpright(path.join(dir, `${orientation}.nef`), Buffer.concat([container, jpeg]), orientation);
  }
});
