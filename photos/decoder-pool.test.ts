import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { CodedError } from '../model/errors.ts';
import { createDecoderPool, type DecoderPool, type Verdict } from './decoder-pool.ts';
import { thumbPath } from './thumb-path.ts';

let folder: string;
let photo: string;
let big: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'decoder-pool-'));
  photo = join(folder, 'photo.jpg');
  big = join(folder, 'big.jpg');
  const noise = { type: 'gaussian', mean: 128, sigma: 40 } as const;
  await sharp({ create: { width: 300, height: 200, channels: 3, noise, background: 'red' } }).toFile(photo);
  await sharp({ create: { width: 4000, height: 3000, channels: 3, noise, background: 'red' } }).toFile(big);
});
after(() => rm(folder, { recursive: true, force: true }));

/** Bytes of memory a process has; null where the system does not tell. */
function memoryOf(pid: number): number | null {
  const { stdout } = spawnSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() === '' ? null : Number(stdout) * 1024;
}

/** The decoders that run now. */
function decoders(): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(process.pid), '-f', 'decoder-child'], { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean).map(Number);
}

const yes = (): Promise<Verdict> => Promise.resolve({ decode: true, orientation: null, into: null });
const no = (): Promise<Verdict> => Promise.resolve({ decode: false });

async function withPool(
  options: Partial<Parameters<typeof createDecoderPool>[0]>,
  use: (pool: DecoderPool) => Promise<void>,
): Promise<void> {
  const pool = createDecoderPool({ thumbsDir: join(folder, 'thumbs'), ...options });
  try {
    await use(pool);
  } finally {
    pool.close();
    while (decoders().length > 0) await wait(20);
  }
}

test('hash, size, time and thumbnails of a picture; no more than asked for', async () => {
  await withPool({}, async (pool) => {
    await utimes(photo, 1_000_000_000, 1_234_567_890.123456);
    const bytes = await readFile(photo);
    const hash = createHash('sha256').update(bytes).digest();
    const thumbs = ([320, 1440] as const).map((size) => thumbPath(join(folder, 'thumbs'), hash.toString('hex'), size));

    const known = await pool.read(Buffer.from(photo), 'image', no);
    assert.deepEqual(known.hash, hash);
    assert.deepEqual([known.size, known.decoded, known.error], [bytes.length, null, null]);
    assert.equal(known.mtimeNs, (await stat(photo, { bigint: true })).mtimeNs);
    await assert.rejects(stat(thumbs[0]!), { code: 'ENOENT' });

    const fresh = await pool.read(Buffer.from(photo), 'image', yes);
    assert.deepEqual([fresh.decoded?.width, fresh.decoded?.height, fresh.error], [300, 200, null]);
    const files = (await readdir(join(folder, 'thumbs'), { recursive: true })).filter((name) => name.includes('.'));
    assert.deepEqual(files.map((name) => join(folder, 'thumbs', name)).sort(), [...thumbs].sort(), 'and nothing else');
  });
});

test('a file of many chunks is hashed as a whole', async () => {
  await withPool({}, async (pool) => {
    const path = join(folder, 'film.mov');
    const bytes = Buffer.alloc(3 * 1024 * 1024 + 7, 'film');
    await writeFile(path, bytes);
    const { hash, size } = await pool.read(Buffer.from(path), 'other', no);
    assert.deepEqual([hash, size], [createHash('sha256').update(bytes).digest(), bytes.length]);
  });
});

test('a file that cannot be read says why', async () => {
  await withPool({}, async (pool) => {
    const failure = async (name: string): Promise<string> => {
      const error: unknown = await pool.read(Buffer.from(join(folder, name)), 'image', yes).catch((e: unknown) => e);
      assert.ok(error instanceof CodedError);
      assert.doesNotMatch(error.message, /decoder-pool-/, 'the path, which need not be text, is for others to tell');
      return error.code;
    };
    await mkdir(join(folder, 'folder.jpg'));
    execFileSync('mkfifo', [join(folder, 'pipe.jpg')]);
    assert.equal(await failure('nothing.jpg'), 'file.missing');
    assert.equal(await failure('photo.jpg/below.jpg'), 'file.missing');
    assert.equal(await failure('folder.jpg'), 'file.unreadable');
    assert.equal(await failure('pipe.jpg'), 'file.unreadable');
    if (process.getuid?.() !== 0) {
      await writeFile(join(folder, 'secret.jpg'), 'x');
      await chmod(join(folder, 'secret.jpg'), 0);
      assert.equal(await failure('secret.jpg'), 'file.unreadable');
    }
    assert.equal(decoders().length, 1, 'one decoder did it all');
  });
});

test('what the caller throws reaches the caller', async () => {
  await withPool({}, async (pool) => {
    const trouble = (): Promise<Verdict> => Promise.reject(new Error('no database'));
    await assert.rejects(pool.read(Buffer.from(photo), 'image', trouble), /no database/);
    assert.equal((await pool.read(Buffer.from(photo), 'image', yes)).error, null);
  });
});

test('a decoder killed in the middle of a picture is replaced, and the caller asked once', async () => {
  for (const afterMs of [0, 30, 150]) {
    await withPool({}, async (pool) => {
      let asked = 0;
      const victims: number[] = [];
      const reading = await pool.read(Buffer.from(big), 'image', async () => {
        asked++;
        victims.push(...decoders());
        setTimeout(() => victims.forEach((pid) => process.kill(pid, 'SIGKILL')), afterMs);
        return yes();
      });
      assert.deepEqual([asked, victims.length, reading.error], [1, 1, null]);
      assert.deepEqual([reading.decoded?.width, reading.decoded?.height], [4000, 3000]);
      assert.equal(decoders().includes(victims[0]!), false);
    });
  }
});

test('a picture that takes down two decoders is recorded, and the others are read', async () => {
  await withPool({}, async (pool) => {
    let killing: NodeJS.Timeout | undefined;
    const reading = await pool.read(Buffer.from(big), 'image', async () => {
      killing = setInterval(() => decoders().forEach((pid) => process.kill(pid, 'SIGKILL')), 10);
      return yes();
    });
    clearInterval(killing);
    assert.deepEqual([reading.decoded, reading.error?.code], [null, 'decode.crashed']);
    assert.match(reading.error?.message ?? '', /SIGKILL/);
    assert.equal((await pool.read(Buffer.from(photo), 'image', yes)).error, null);
  });
});

test('a decoder that says nothing any more is ended and replaced', async () => {
  await withPool({ silenceMs: 10_000 }, async (pool) => {
    const reading = await pool.read(Buffer.from(big), 'image', async () => {
      decoders().forEach((pid) => process.kill(pid, 'SIGSTOP'));
      return yes();
    });
    assert.deepEqual([reading.decoded, reading.error?.code], [null, 'decode.timeout']);
    assert.equal((await pool.read(Buffer.from(photo), 'image', yes)).error, null);
  });
});

test(
  'a decoder that works for too long is ended and replaced, and the time it took is told',
  { skip: process.platform !== 'linux' && 'Linux only' },
  async () => {
    await withPool({ workMs: (bytes) => (bytes > 100_000 ? 10 : 60_000) }, async (pool) => {
      const { decoded, error, decodeMs } = await pool.read(Buffer.from(big), 'image', yes);
      assert.deepEqual([decoded, error?.code], [null, 'decode.timeout']);
      assert.ok(decodeMs !== null && decodeMs > 0);
      assert.equal((await pool.read(Buffer.from(photo), 'image', yes)).error, null);
    });
  },
);

test('large pictures are decoded one after the other, also when a decoder of one dies', async () => {
  const large = await Promise.all(
    ['red', 'green', 'blue'].map(async (background) => {
      const file = join(folder, `large ${background}.png`);
      const create = { width: 12_000, height: 9_000, channels: 3, background } as const;
      // Interlaced, it has to be held in memory whole.
      await sharp({ create }).png({ progressive: true, compressionLevel: 1 }).toFile(file);
      return file;
    }),
  );
  await withPool({}, async (pool) => {
    const readings = large.map((file) => pool.read(Buffer.from(file), 'image', yes));
    const busy = (): number[] => decoders().filter((pid) => (memoryOf(pid) ?? 0) > 300 * 1024 ** 2);
    let most = 0;
    let killed = false;
    const done = Promise.all(readings).finally(() => (ended = true));
    let ended = false as boolean;
    while (!ended) {
      const pids = busy();
      most = Math.max(most, pids.length);
      if (pids[0] !== undefined && !killed) killed = process.kill(pids[0], 'SIGKILL');
      await Promise.race([done, wait(20)]);
    }
    assert.deepEqual(
      (await done).map(({ decoded, error }) => [decoded?.width, error]),
      large.map(() => [12_000, null]),
    );
    if (process.platform === 'linux') assert.deepEqual([most, killed], [1, true]);
  });
});

test(
  'a decoder gets no more memory than the limit',
  { skip: process.platform !== 'linux' && 'Linux only' },
  async () => {
    // An interlaced PNG has to be held in memory whole: 1.2 GB here, of which the file has the first kilobyte.
    const bomb = join(folder, 'bomb.png');
    const create = { width: 1, height: 1, channels: 4, background: 'red' } as const;
    const bytes = await sharp({ create }).toColourspace('rgb16').png({ progressive: true }).toBuffer();
    bytes.writeUInt32BE(12_000, 16);
    bytes.writeUInt32BE(12_500, 20);
    bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
    await writeFile(bomb, bytes);
    await withPool({ memoryKiB: 1_600 * 1024 }, async (pool) => {
      const reading = await pool.read(Buffer.from(bomb), 'image', yes);
      assert.deepEqual([reading.decoded, reading.error?.code], [null, 'decode.too-large']);
      assert.match(reading.error?.message ?? '', /memory/);
      assert.equal((await pool.read(Buffer.from(photo), 'image', yes)).error, null);
    });
  },
);

test('a picture of more bytes than the limit is hashed, not decoded', async () => {
  const path = join(folder, 'huge.tif');
  await writeFile(path, '');
  await truncate(path, 513 * 1024 * 1024); // Sparse: it takes no room.
  await withPool({}, async (pool) => {
    const { decoded, error, size } = await pool.read(Buffer.from(path), 'image', yes);
    assert.deepEqual([decoded, error?.code, size], [null, 'decode.too-large', 513 * 1024 * 1024]);
  });
  await rm(path);
});

test('decoders are started on demand and leave when idle', async () => {
  await withPool({ idleMs: 200 }, async (pool) => {
    assert.equal(decoders().length, 0);
    const two = [photo, big].map((path) => pool.read(Buffer.from(path), 'image', yes));
    assert.equal(decoders().length, 2);
    await Promise.all(two);
    while (decoders().length > 0) await wait(50);
    assert.equal((await pool.read(Buffer.from(photo), 'image', yes)).error, null);
  });
});

test('a pool that is closed ends what it was doing', async () => {
  const pool = createDecoderPool({ thumbsDir: join(folder, 'thumbs') });
  const reading = pool.read(Buffer.from(big), 'image', () => (pool.close(), yes()));
  await assert.rejects(reading, CodedError);
  await assert.rejects(pool.read(Buffer.from(photo), 'image', yes), CodedError);
});
