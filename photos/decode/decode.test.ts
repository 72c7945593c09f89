import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32, deflateSync } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';
import { thumbHashToApproximateAspectRatio, thumbHashToAverageRGBA } from 'thumbhash';
import { decode, type Picture } from './decode.ts';

const jpgName = Buffer.from('a.jpg');
const plenty = (): Promise<void> => Promise.resolve();

type Colour = readonly [number, number, number];

const red: Colour = [200, 40, 40];
const green: Colour = [40, 160, 60];
const blue: Colour = [40, 60, 190];
const yellow: Colour = [220, 200, 60];

/** A picture whose four quarters differ, so that no turn or mirroring leaves it alike. */
function quarters(width: number, height: number): Sharp {
  const data = Buffer.alloc(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [left, right] = y < height / 2 ? [red, green] : [blue, yellow];
      data.set(x < width / 2 ? left : right, (y * width + x) * 3);
    }
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

const plain = (colour: Colour, width = 64, height = 48): Sharp =>
  sharp({ create: { width, height, channels: 3, background: { r: colour[0], g: colour[1], b: colour[2] } } });

async function picture(bytes: Buffer): Promise<Picture> {
  const { picture, error } = await decode(bytes, jpgName, null, plenty);
  assert.equal(error, null);
  assert.ok(picture);
  return picture;
}

/** The colour at a place given in parts of width and height. */
async function colourAt(image: Buffer, x: number, y: number): Promise<number[]> {
  const { data, info } = await sharp(image).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
  return [...data.subarray(at, at + 3)];
}

function assertNear(actual: readonly number[], expected: readonly number[], what: string, tolerance = 12): void {
  const near = actual.every((value, i) => Math.abs(value - (expected[i] ?? -1)) <= tolerance);
  assert.ok(near, `${what}: ${actual.join()} is not near ${expected.join()}`);
}

async function assertQuarters({ preview, tile }: Picture, what: string): Promise<void> {
  for (const image of [preview, tile]) {
    assertNear(await colourAt(image, 0.25, 0.25), red, what);
    assertNear(await colourAt(image, 0.75, 0.25), green, what);
    assertNear(await colourAt(image, 0.25, 0.75), blue, what);
    assertNear(await colourAt(image, 0.75, 0.75), yellow, what);
  }
}

test('every orientation is shown upright', async () => {
  // The pixels as they lie in the file, which the tag turns and mirrors into the upright picture. (sharp mirrors first.)
  const stored: Record<number, (upright: Sharp) => Sharp> = {
    1: (upright) => upright,
    2: (upright) => upright.flop(),
    3: (upright) => upright.rotate(180),
    4: (upright) => upright.flip(),
    5: (upright) => upright.flip().rotate(90),
    6: (upright) => upright.rotate(270),
    7: (upright) => upright.flop().rotate(90),
    8: (upright) => upright.rotate(90),
  };
  for (const [orientation, turned] of Object.entries(stored)) {
    const pixels = await turned(quarters(600, 400)).png().toBuffer();
    for (const format of ['jpeg', 'webp', 'tiff'] as const) {
      const bytes = await sharp(pixels)
        .withMetadata({ orientation: Number(orientation) })
        .toFormat(format)
        .toBuffer();
      const found = await picture(bytes);
      assert.deepEqual([found.width, found.height], [600, 400], `${format} ${orientation}`);
      await assertQuarters(found, `${format} ${orientation}`);
      const tile = await sharp(found.tile).metadata();
      assert.deepEqual([tile.width, tile.height, tile.orientation], [320, 213, undefined]);
    }
  }
});

test('a preview of 1440 and a tile of 320 pixels, never enlarged', async () => {
  for (const [width, height, preview, tile] of [
    [3000, 2000, [1440, 960], [320, 213]],
    [1000, 2000, [720, 1440], [160, 320]],
    [400, 300, [400, 300], [320, 240]],
    [20, 10, [20, 10], [20, 10]],
    [1, 1, [1, 1], [1, 1]],
    [4000, 2, [1440, 1], [320, 1]],
  ] as const) {
    const found = await picture(await plain(red, width, height).jpeg().toBuffer());
    const size = async (image: Buffer): Promise<number[]> => {
      const { format, width, height } = await sharp(image).metadata();
      assert.equal(format, 'webp');
      return [width, height];
    };
    assert.deepEqual([found.width, found.height], [width, height]);
    assert.deepEqual(await size(found.preview), preview);
    assert.deepEqual(await size(found.tile), tile);
  }
});

test('colours of other profiles and spaces arrive as sRGB, without the profile', async () => {
  const colour: Colour = [200, 60, 60];
  const pictures: Record<string, Buffer> = {
    p3: await plain(colour).withIccProfile('p3').jpeg({ quality: 95 }).toBuffer(),
    cmyk: await plain(colour).withIccProfile('cmyk').toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(),
    rgb16: await plain(colour).toColourspace('rgb16').png().toBuffer(),
    avif: await plain(colour).avif({ quality: 90 }).toBuffer(),
    palette: await plain(colour).gif().toBuffer(),
    tiff: await plain(colour).tiff({ compression: 'lzw' }).toBuffer(),
  };
  const { data } = await sharp(pictures.p3, { ignoreIcc: true }).raw().toBuffer({ resolveWithObject: true });
  assert.ok((data[0] ?? 0) < 190, 'the P3 picture holds other numbers for the same colour');
  for (const [name, bytes] of Object.entries(pictures)) {
    const { preview, tile, thumbhash } = await picture(bytes);
    for (const image of [preview, tile]) {
      // Inks do not reach every colour.
      assertNear(await colourAt(image, 0.5, 0.5), colour, name, name === 'cmyk' ? 20 : 12);
      const { icc, space, hasAlpha } = await sharp(image).metadata();
      assert.deepEqual([icc, space, hasAlpha], [undefined, 'srgb', false]);
    }
    const { r, g, b } = thumbHashToAverageRGBA(thumbhash);
    assert.ok(r > 0.65 && g < 0.4 && b < 0.4, `${name}: the thumbhash is red`);
    assert.ok(Math.abs(thumbHashToApproximateAspectRatio(thumbhash) - 4 / 3) < 0.3);
  }
});

test('grey stays grey, with 8 and with 16 bits', async () => {
  const data = Buffer.alloc(64 * 48, 180);
  const grey = sharp(data, { raw: { width: 64, height: 48, channels: 1 } });
  for (const bytes of [
    await grey.clone().toColourspace('b-w').jpeg().toBuffer(),
    await grey.clone().toColourspace('grey16').png().toBuffer(),
  ]) {
    assertNear(await colourAt((await picture(bytes)).tile, 0.5, 0.5), [180, 180, 180], 'grey');
  }
});

test('what is transparent shows a neutral ground', async () => {
  const create = { width: 64, height: 48, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0 } } as const;
  for (const bytes of [
    await sharp({ create }).png().toBuffer(),
    await sharp({ create }).webp().toBuffer(),
    await sharp({ create }).toColourspace('rgb16').png().toBuffer(),
  ]) {
    assertNear(await colourAt((await picture(bytes)).preview, 0.5, 0.5), [128, 128, 128], 'ground');
  }
});

test('of a moving picture the first frame is shown', async () => {
  const frames = await Promise.all([red, blue, green].map((colour) => plain(colour).png().toBuffer()));
  for (const format of ['gif', 'webp'] as const) {
    const bytes = await sharp(frames, { join: { animated: true } })
      .toFormat(format)
      .toBuffer();
    const found = await picture(bytes);
    assert.deepEqual([found.width, found.height], [64, 48]);
    assertNear(await colourAt(found.tile, 0.5, 0.9), red, format);
    assert.equal((await sharp(found.preview).metadata()).pages, undefined);
  }
});

test('equal files give equal bytes', async () => {
  const bytes = await quarters(1800, 1200).jpeg().toBuffer();
  assert.deepEqual(await picture(bytes), await picture(Buffer.from(bytes)));
});

test('of a truncated picture what there is is shown, with the reason', async () => {
  for (const format of ['jpeg', 'png'] as const) {
    const whole = await quarters(800, 600).toFormat(format, { compressionLevel: 0 }).toBuffer();
    const { picture, error } = await decode(whole.subarray(0, whole.length * 0.8), jpgName, null, plenty);
    assert.equal(error?.code, 'decode.damaged', format);
    assert.match(error.message, /premature end|libpng|read error|end of/i);
    assert.ok(picture);
    assert.deepEqual([picture.width, picture.height], [800, 600]);
    assertNear(await colourAt(picture.tile, 0.25, 0.25), red, format);
  }
});

test('what is no picture is a failure with a reason in one line', async () => {
  const jpeg = await plain(red).jpeg().toBuffer();
  const broken: Record<string, Buffer> = {
    empty: Buffer.alloc(0),
    zeros: Buffer.alloc(5000),
    text: Buffer.from('not a picture at all'),
    'only the beginning': jpeg.subarray(0, 20),
  };
  for (const [name, bytes] of Object.entries(broken)) {
    const { picture, error } = await decode(bytes, jpgName, null, plenty);
    assert.equal(picture, null, name);
    assert.equal(error?.code, 'decode.failed', name);
    assert.match(error.message, /^[^\n]{5,300}$/, name);
  }
});

test('what a picture is its content says, whatever its name', async () => {
  const avif = await plain(red).avif().toBuffer();
  assert.equal((await decode(avif, Buffer.from('a.png'), null, plenty)).decoder, 'libvips');
  const { decoder, picture } = await decode(bitmap, Buffer.from('a.jpg'), null, plenty);
  assert.equal(decoder, 'ImageMagick');
  assert.deepEqual([picture?.width, picture?.height], [2, 2]);
});

/** A Windows bitmap of two by two pixels. */
const bitmap = Buffer.concat([
  Buffer.from('BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x02\0\0\0\x02\0\0\0\x01\0\x18\0', 'latin1'),
  Buffer.alloc(40),
]);

/** A PNG of any size and next to no bytes. */
function png(width: number, height: number, depth: number, colour: number, interlaced: boolean): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, colour, 0, 0, interlaced ? 1 : 0], 8);
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(1000)))]);
}

test('more pixels than the limit are not decoded', async () => {
  const { picture, error } = await decode(png(40_000, 30_000, 1, 0, false), jpgName, null, plenty);
  assert.equal(picture, null);
  assert.deepEqual(error, {
    code: 'decode.too-large',
    message: 'The picture has 40000 × 30000 pixels; the limit is 300 million.',
  });
});

test('room is asked for where a picture has to be held whole', async () => {
  const roomFor = async (bytes: Buffer): Promise<number[]> => {
    const asked: number[] = [];
    await decode(bytes, jpgName, null, (bytes) => {
      asked.push(bytes);
      return Promise.resolve();
    });
    return asked;
  };
  assert.deepEqual((await roomFor(png(9000, 8000, 1, 0, true)))[0], 9000 * 8000 * 4);
  assert.deepEqual(await roomFor(await plain(red).jpeg().toBuffer()), []);
  assert.deepEqual(await roomFor(await plain(red).jpeg({ progressive: true }).toBuffer()), [64 * 48 * 4]);
  assert.deepEqual(await roomFor(bitmap), [2 * 2 * 14]);
});
