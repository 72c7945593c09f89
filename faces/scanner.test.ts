import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import { CodedError } from '../model/errors.ts';
import { realPictures } from '../tests/support/real-pictures.ts';
import { modelDir } from './backend.ts';
import { createScanner, type Scanner } from './scanner.ts';

/** Three people, of whom one looks down; it comes with the networks. */
const people = path.join(modelDir, '..', 'demo', 'sample1.jpg');
const quick = { detector: 'combined', minScore: 0.25, minSize: 16, tiles: 'never' } as const;
/** A face in it, for a short question. */
const face = { left: 0.3, top: 0.3, width: 0.2, height: 0.3 };
/** So slow that there is time to do something to it. */
const slow = { ...quick, tiles: 'always' } as const;
const patience = () => new AbortController().signal;

let folder: string;
let noPicture: string;
before(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'scanner-'));
  noPicture = path.join(folder, 'no picture.jpg');
  await writeFile(noPicture, 'This is no picture.');
});
after(() => rm(folder, { recursive: true, force: true }));

/** The processes of this one's scanners. */
function processes(): number[] {
  const { stdout } = spawnSync('pgrep', ['-P', String(process.pid), '-f', 'tinypool'], { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean).map(Number);
}

async function untilNone(): Promise<void> {
  while (processes().length > 0) await sleep(20);
}

/** Kills a process, and waits until its end is known here. */
async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  while (isThere(pid)) await sleep(5);
}

function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function withScanner(
  options: Partial<Parameters<typeof createScanner>[0]>,
  use: (scanner: Scanner) => Promise<void>,
): Promise<void> {
  const scanner = createScanner({ wanted: 'wasm', processes: 1, ...options });
  try {
    await use(scanner);
  } finally {
    await scanner.close();
    await untilNone();
  }
}

/** Until a process is at what it was asked. */
const begun = () => sleep(100);
const failed = (error: unknown) => error instanceof CodedError && error.code === 'faces.failed';
/** A short question that is answered. */
const answers = async (scanner: Scanner) => {
  const { faces } = await scanner.findReference(people, face, patience());
  assert.deepEqual([faces.length, faces[0]?.descriptor.length], [1, 128]);
};

test('what is no picture is told so, and the process goes on to the next', async () => {
  await withScanner({}, async (scanner) => {
    assert.deepEqual(await scanner.backend(), { name: 'wasm', why: null });
    const before = processes();
    assert.equal(before.length, 1);
    await assert.rejects(scanner.findFaces(noPicture, quick, patience()), failed);
    await assert.rejects(scanner.findReference(path.join(folder, 'missing.jpg'), null, patience()), failed);
    await answers(scanner);
    assert.deepEqual(processes(), before);
  });
});

const fuzzed = path.join(realPictures, 'fuzzed');
test(
  'files that crashed other programs end no process',
  { skip: !existsSync(fuzzed) && `the broken files are not at ${fuzzed}` },
  async () => {
    await withScanner({}, async (scanner) => {
      await scanner.backend();
      const before = processes();
      for (const name of await readdir(fuzzed)) {
        // Either is right: faces, or the reason why it can't be opened.
        const outcome = await scanner.findFaces(path.join(fuzzed, name), quick, patience()).catch(failed);
        assert.ok(outcome, name);
      }
      assert.deepEqual(processes(), before);
    });
  },
);

test('a call that is cancelled ends with the reason; the one that waits behind it is answered', async () => {
  await withScanner({}, async (scanner) => {
    await scanner.backend();
    const [pid] = processes();
    const cancel = new AbortController();
    const cancelled = scanner.findFaces(people, slow, cancel.signal);
    const behind = answers(scanner);
    await begun();
    cancel.abort(new Error('nobody wants to know any more'));
    await assert.rejects(cancelled, /nobody wants to know any more/);
    await behind;
    // What it was at was ended with its process.
    assert.ok(!processes().includes(pid!));
  });
});

test('a call that is cancelled while it waits ends at once, and disturbs nobody', async () => {
  await withScanner({}, async (scanner) => {
    await scanner.backend();
    const before = processes();
    const running = scanner.findFaces(people, quick, patience());
    const cancel = new AbortController();
    const waiting = scanner.findFaces(people, quick, cancel.signal);
    cancel.abort(new Error('never mind'));
    const first = await Promise.race([running, waiting.catch((error: unknown) => error)]);
    assert.ok(first instanceof Error && first.message === 'never mind');
    assert.equal((await running).faces.length, 3);
    assert.deepEqual(processes(), before);
    await assert.rejects(scanner.findFaces(people, quick, AbortSignal.abort(new Error('too late'))), /too late/);
    await answers(scanner);
  });
});

test('a process that is killed takes no call with it; a call that two died of has failed', async () => {
  await withScanner({}, async (scanner) => {
    await scanner.backend();
    const asked = scanner.findFaces(people, quick, patience());
    process.kill(processes()[0]!, 'SIGKILL');
    assert.equal((await asked).faces.length, 3);

    const hasFailed = assert.rejects(scanner.findFaces(people, slow, patience()), failed);
    for (let kills = 0; kills < 2; kills++) {
      while (processes().length === 0) await sleep(5);
      await kill(processes()[0]!);
    }
    await hasFailed;
    await answers(scanner);
  });
});

test('a process that is killed while it starts, or is idle, fails no call', async () => {
  await withScanner({}, async (scanner) => {
    const first = scanner.backend();
    while (processes().length === 0) await sleep(5);
    process.kill(processes()[0]!, 'SIGKILL');
    assert.equal((await first).name, 'wasm');
    await answers(scanner);
    await kill(processes()[0]!);
    await answers(scanner);
  });
});

test('a picture that takes too long is given up, with its process', async () => {
  await withScanner({ longestMs: 1 }, async (scanner) => {
    await assert.rejects(
      scanner.findFaces(people, slow, patience()),
      (error) => error instanceof CodedError && error.code === 'faces.timeout',
    );
  });
});

test('processes start when there is work, no more than allowed, and end when there is none', async () => {
  await withScanner({ processes: 2, idleMs: 100 }, async (scanner) => {
    assert.deepEqual(processes(), []);
    let most = 0;
    const calls = Array.from({ length: 4 }, async () => {
      await answers(scanner);
      most = Math.max(most, processes().length);
    });
    await Promise.all(calls);
    assert.equal(most, 2);
    await untilNone();
    await answers(scanner);
  });
});

test('closing ends the processes, what they are at, and what waits', async () => {
  const scanner = createScanner({ wanted: 'wasm', processes: 1 });
  await scanner.backend();
  const calls = [1, 2].map(() => scanner.findFaces(people, slow, patience()));
  await Promise.all([scanner.close(), ...calls.map((call) => assert.rejects(call))]);
  await untilNone();
});

test('pictures without people have no faces: a landscape, noise, a single colour', async () => {
  const [width, height] = [900, 600];
  const landscape = Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <linearGradient id="sky" x2="0" y2="1"><stop stop-color="#36c"/><stop offset="1" stop-color="#fea"/></linearGradient>
    <rect width="900" height="600" fill="url(#sky)"/><circle cx="700" cy="130" r="50" fill="#fff6c0"/>
    <path d="M0 420 L200 210 L330 360 L520 180 L900 430 V600 H0z" fill="#567"/><rect y="430" width="900" height="170" fill="#4a6"/></svg>`);
  const noise = { type: 'gaussian', mean: 128, sigma: 50 } as const;
  const pictures = {
    landscape: sharp(landscape),
    noise: sharp({ create: { width, height, channels: 3, noise, background: 'black' } }),
    'one colour': sharp({ create: { width, height, channels: 3, background: '#c96' } }),
    'one pixel': sharp({ create: { width: 1, height: 1, channels: 3, background: '#c96' } }),
  };
  await withScanner({}, async (scanner) => {
    for (const [name, picture] of Object.entries(pictures)) {
      const file = path.join(folder, `${name}.png`);
      await picture.png().toFile(file);
      const found = await scanner.findFaces(file, quick, patience());
      assert.deepEqual(found.faces, [], name);
    }
  });
});
