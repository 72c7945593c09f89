import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import sharp from 'sharp';
import Type from 'typebox';
import Value from 'typebox/value';
import type { PhotoFile } from '../model/library.ts';
import { cpuMs } from '../photos/cpu-time.ts';
import { DirsReply, FileReply, StatusReply } from '../web/api/schema.ts';
import { hostileText, writeHostileFiles } from './support/hostile-files.ts';
import { eventually, startHouse, temporaryDir, type RunningHouse } from './support/house.ts';
import { settle, writePicture } from './support/pictures.ts';
import { familyOf, memoryOf, parentOf } from './support/processes.ts';
import { noRealPictures, realFiles, realPictures } from './support/real-pictures.ts';

const mostMemory = 1.5 * 1024 ** 3;
const onLinux = process.platform === 'linux';

test(
  'files made to break what reads them: each ends soon with a reason, and nothing else is harmed',
  { timeout: 600_000 },
  async (t) => {
    const library = temporaryDir(t);
    const lures = await setLures(t);
    const made = await writeHostileFiles(path.join(library, 'made'), lures);
    const fuzzed = copyFuzzed(t, path.join(library, 'fuzzed'));
    const good = await writeGood(['made', 'fuzzed'].map((dir) => path.join(library, dir)));
    settle(path.join(library, 'made'), path.join(library, 'fuzzed'), library);

    const house = await startHouse(t, { imports: [library] });
    const workers = await eventually('all workers', 60_000, async () => {
      const pids = await workersOf(house);
      return Object.keys(pids).length === 3 && pids;
    });
    const watch = onLinux ? watchMemory(workers.io ?? NaN) : null;
    t.after(() => watch?.stop());
    const { coverage, jobs } = await house.until('awaiting jobs', 500_000);
    await eventually('all jobs to have ended', 500_000, async () => (await house.status()).jobs.running === 0);
    assert.equal(coverage.files, made.length + fuzzed + good.length);
    assert.equal(coverage.read, coverage.files);
    assert.equal(jobs.failed, 0, 'a bad file fails no job');
    const { dirs } = Value.Parse(DirsReply, await house.get('/api/dirs'));
    assert.deepEqual(
      dirs.map(({ numSearched, numFacesFailed }) => [numSearched, numFacesFailed]),
      dirs.map(({ numPictures }) => [numPictures, 0]),
      'faces were looked for in all that could be decoded',
    );

    const files = await house.files('order=name');
    assert.equal(files.length, coverage.files);
    let slowest = { decodeMs: 0, name: '' };
    for (const file of files) {
      const { decodeMs } = Value.Parse(FileReply, await house.get(`/api/files/${file.id}`));
      if (decodeMs === null) assert.ok(!shouldBeDecoded(file), `${file.name}: how long decoding took is not told`);
      else if (decodeMs > slowest.decodeMs) slowest = { decodeMs, name: file.name };
      assertTold(file, await pageOf(house, `/photos/${file.id}`));
    }
    t.diagnostic(`${files.length} files; the slowest to decode took ${slowest.decodeMs} ms: ${slowest.name}`);

    const named = new Map(files.map((file) => [file.name, file]));
    for (const name of good) {
      const file = named.get(name);
      assert.deepEqual([file?.thumb, file?.error], [true, null], name);
      const tile = await fetch(`${house.url}/thumbs/${file?.hash}-320.webp`);
      assert.equal((await sharp(Buffer.from(await tile.arrayBuffer())).metadata()).format, 'webp', name);
    }
    for (const [name, what] of Object.entries(expected)) {
      const file = named.get(name);
      if (file) assert.deepEqual([file.thumb ? 'picture' : '-', file.error?.code ?? '-'], what, name);
      else assert.equal(name, 'sparse.jpg', 'no file is missing but on a system without sparse ones');
    }
    assert.deepEqual(lures.asked(), [], 'no playlist was followed');
    assert.doesNotMatch(JSON.stringify(await house.get(`/api/files/${named.get('concat.mp4')?.id}`)), /root:/);
    await assertWordsAreText(house, named.get('words.jpg'), readFileSync(path.join(library, 'made', 'words.jpg')));

    assert.deepEqual(await workersOf(house), workers, 'no worker died');
    assert.deepEqual(
      house.house().parts.map(({ name, restarts }) => [name, restarts]),
      house.house().parts.map(({ name }) => [name, 0]),
    );
    if (watch) {
      const helpers = familyOf(workers.io ?? NaN).slice(1);
      const busy = (): number => helpers.reduce((sum, pid) => sum + (cpuMs(pid) ?? 0), 0);
      // What they have in hand may take a while on a busy machine; one that goes on for ever does not rest.
      await eventually('the helpers to rest', 60_000, async () => {
        const before = busy();
        await sleep(2_000);
        return busy() - before < 500;
      });
      await house.stop();
      watch.stop();
      await eventually('all helpers to be gone', 15_000, async () =>
        watch.seen().every((pid) => parentOf(pid) === null),
      );
      t.diagnostic(`the io worker and its helpers had ${Math.round(watch.peak() / 1024 ** 2)} MiB of memory at most`);
      assert.ok(watch.peak() > 50 * 1024 ** 2, 'they were watched');
      assert.ok(watch.peak() < mostMemory);
    }
  },
);

/** What becomes of the files that are made: whether there is a picture, and the code of what is wrong with it. */
const expected: Record<string, [string, string]> = {
  'one row of 60000 x 60000.png': ['-', 'decode.too-large'],
  'one row of 17000 x 17000.png': ['-', 'decode.failed'],
  'bomb.png': ['picture', '-'],
  'other bomb.png': ['picture', '-'],
  'zip.jpg': ['-', 'decode.failed'],
  'script.jpg': ['-', 'decode.failed'],
  'laughs.xmp': ['-', '-'],
  'laughs.jpg': ['picture', '-'],
  'nested.xmp': ['-', 'metadata.failed'],
  'nested.jpg': ['picture', 'metadata.failed'],
  'frames.gif': ['picture', '-'],
  'text.png': ['picture', '-'],
  'packed text.png': ['picture', '-'],
  'playlist.mp4': ['-', 'decode.failed'],
  'concat.mp4': ['-', 'decode.failed'],
  'zeros.heic': ['-', 'decode.failed'],
  'zeros.jxl': ['-', 'decode.failed'],
  'zeros.nef': ['-', 'decode.failed'],
  'zeros.mov': ['-', 'decode.failed'],
  'words.jpg': ['picture', '-'],
  'sparse.jpg': ['-', 'decode.too-large'],
};

/** What nobody may ask for: pages of a server, and a picture outside the library. */
async function setLures(t: TestContext): Promise<{ url: string; file: string; asked: () => string[] }> {
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const file = path.join(temporaryDir(t), 'lure.gif');
  await writePicture(file.replace('.gif', '.jpg'), 'red');
  await sharp(file.replace('.gif', '.jpg')).gif().toFile(file);
  return { url: `http://127.0.0.1:${address.port}`, file, asked: () => asked };
}

/** The files that a fuzzer found to break parsers, as they are and under names that say what they should be. */
function copyFuzzed(t: TestContext, dir: string): number {
  mkdirSync(dir);
  if (noRealPictures) {
    t.diagnostic(`without fuzzed files: ${noRealPictures}`);
    return 0;
  }
  const endings = ['.jpg', '.jpg', '.jpg', '.heic', '.heic', '.mp4', '.mp4', '.nef', '.nef'];
  const copies = realFiles('fuzzed').flatMap((file, i) => [
    [file, path.basename(file)],
    [file, `${path.basename(file)}${endings[i % endings.length]}`],
  ]);
  for (const [file = '', name = ''] of copies) {
    copyFileSync(path.join(realPictures, file), path.join(dir, name));
    settle(path.join(dir, name));
  }
  return copies.length;
}

async function writeGood(dirs: readonly string[]): Promise<string[]> {
  const written: string[] = [];
  for (const dir of dirs) {
    for (const colour of ['olive', 'plum', 'tan']) {
      const name = `good ${path.basename(dir)} ${colour}.jpg`;
      await writePicture(path.join(dir, name), colour);
      written.push(name);
    }
  }
  return written;
}

const workersOf = async (house: RunningHouse): Promise<Record<string, number>> => {
  const { workers } = Value.Parse(Type.Pick(StatusReply, ['workers']), await house.get('/api/status'));
  return Object.fromEntries(workers.map(({ name, pid }) => [name, pid]));
};

const pageOf = async (house: RunningHouse, where: string): Promise<string> => {
  const response = await fetch(house.url + where);
  assert.equal(response.status, 200, where);
  return await response.text();
};

const shouldBeDecoded = ({ type, error, name }: PhotoFile): boolean =>
  (type === 'image' || type === 'video') && !error?.code.startsWith('file.') && name !== 'sparse.jpg';

/** The page of a file shows a picture, or says why there is none. */
function assertTold(file: PhotoFile, page: string): void {
  if (file.error) {
    assert.match(file.error.code, /^(decode|metadata)\./, file.name);
    assert.ok(page.includes(asText(file.error.message)), `${file.name}: ${file.error.message}`);
  } else if (file.type === 'other') {
    assert.match(page, /Neither its name nor its content says that this is a picture or a video/, file.name);
  } else if (file.type !== 'sidecar') {
    assert.ok(file.thumb, `${file.name} has neither a picture nor a reason`);
  }
}

const asText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

async function assertWordsAreText(house: RunningHouse, file: PhotoFile | undefined, bytes: Buffer): Promise<void> {
  assert.ok(file?.camera);
  const [visible = ''] = hostileText.split('\u001b');
  for (const [what, text] of Object.entries({ title: file.title, camera: file.camera, tag: file.tags[0] })) {
    assert.ok(text?.startsWith(visible.slice(0, 40)) && !text.includes('\0'), what);
  }
  const told = JSON.stringify(await house.get(`/api/files/${file.id}`));
  assert.doesNotMatch(told, /\\u0000/);
  const found = new URLSearchParams({ camera: file.camera });
  const tried = await tryFile(house, bytes);
  const showing = [`/photos/${file.id}`, `/?${found}`, '/', tried, '/duplicates'];
  for (const where of [
    ...showing,
    `/folders/${file.dir}`,
    '/folders',
    '/map',
    '/jobs/import',
    `/jobs/job/dir%2F${file.dir}`,
  ]) {
    const page = await pageOf(house, where);
    assert.doesNotMatch(page, /<script>alert|\0/, where);
    if (showing.includes(where)) assert.ok(page.includes(asText(visible.slice(0, 14))), `${where} shows it`);
  }
  assert.ok(!house.output().includes('\u001b[2J'), 'no terminal is told what to do');
}

/** Tries a file. @returns the page that tells what would be made of it */
async function tryFile(house: RunningHouse, bytes: Buffer): Promise<string> {
  const form = new FormData();
  form.append('files', new Blob([new Uint8Array(bytes)]), 'words.jpg');
  const { headers } = await fetch(`${house.url}/try/file`, { method: 'POST', body: form, redirect: 'manual' });
  const where = headers.get('location') ?? '';
  return await eventually(
    'the file to be tried',
    60_000,
    async () => (await pageOf(house, where)).includes('1 file tried') && where,
  );
}

/** Looks at the memory of a process and its helpers again and again. */
function watchMemory(pid: number) {
  const seen = new Set<number>();
  let peak = 0;
  const looking = setInterval(() => {
    const family = familyOf(pid);
    for (const member of family) seen.add(member);
    peak = Math.max(
      peak,
      family.reduce((sum, member) => sum + memoryOf(member), 0),
    );
  }, 200);
  return { stop: () => clearInterval(looking), peak: () => peak, seen: () => [...seen] };
}
