import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { webpSettings } from '../photos/decode/decode.ts';
import { settle, writeOld, writePicture } from '../tests/support/pictures.ts';
import { eventually, type RunningHouse } from '../tests/support/house.ts';
import { duration, withBench } from './house.ts';
import { familyOf } from '../tests/support/processes.ts';
import { memoryOfAll, processorTimeOf, readBytesOf } from './processes.ts';
import { median, megabytes, print, seconds, timed } from './report.ts';

/** The thumbs step against `vipsthumbnail`; with it bytes read, memory and processor time of the whole house. */
export async function benchThumbs({ pictures }: { pictures: number }): Promise<void> {
  await withBench(async ({ dir, house }) => {
    const library = path.join(dir, 'library');
    await generate(library, pictures);
    const bytes = filesBelow(library).reduce((sum, file) => sum + statSync(file).size, 0);

    const vips = [await timed(() => vipsthumbnail(library, path.join(dir, 'vips-1')))];
    // With pictures read side by side, all programs are running: what is read from then on is the library.
    const warm = path.join(dir, 'warm');
    for (let i = 0; i < 24; i++) await writePicture(path.join(warm, `dir ${i % 4}`, `${i}.jpg`), `rgb(${i}, 128, 128)`);
    const running = await house([warm]);
    await running.until('awaiting jobs');
    dropCaches();
    const readSoFar = () => new Map(familyOf(ioWorker(running)).map((each) => [each, readBytesOf(each)]));
    const before = readSoFar();
    await running.send('PUT', '/api/settings', { importPaths: [warm, library] });
    const pid = running.supervisor.pid ?? 0;
    const read = new Map<number, number>();
    let peak = 0;
    const sampling = setInterval(() => {
      peak = Math.max(peak, memoryOfAll(familyOf(pid)));
      for (const [each, count] of readSoFar()) read.set(each, count - (before.get(each) ?? 0));
      // Reading these numbers costs the kernel some work, which is taken from what is measured.
    }, 2_000);
    const of = (kind: string) => async () =>
      (await running.jobs(`kind=${kind}`)).find((job) => job.title.endsWith(library) && job.endedAt !== null);
    const imported = await eventually('the end of the import', 1_800_000, of('importPath'));
    const scanned = await eventually('the end of its scan', 1_000, of('scanPath'));
    const took = duration(imported) - duration(scanned);
    clearInterval(sampling);
    vips.push(await timed(() => vipsthumbnail(library, path.join(dir, 'vips-2'))));

    print({
      what: `thumbs of ${pictures} pictures of 12 MP`,
      measured: `${seconds(took)}, ${(pictures / took).toFixed(1)} a second`,
      against: `${(took / median(vips)).toFixed(2)} × vipsthumbnail, both sizes (${seconds(median(vips))})`,
      goal: '≤ 1.0 ×',
      met: took <= median(vips),
    });
    const perByte = [...read.values()].reduce((sum, count) => sum + count, 0) / bytes;
    print({
      what: 'bytes read from disk per byte of library',
      measured: perByte.toFixed(3),
      against: `${megabytes(bytes)} of pictures, cold cache`,
      goal: '≤ 1.05',
      met: perByte > 0 && perByte <= 1.05,
    });
    print({
      what: 'memory at peak',
      measured: megabytes(peak),
      against: 'all processes, PSS',
      goal: '≤ 2500 MB',
      met: peak <= 2.5e9,
    });

    // What was started for the import ends after half a minute without work.
    await new Promise((resolve) => setTimeout(resolve, 60_000));
    const resting = processorTimeOf(familyOf(pid));
    await new Promise((resolve) => setTimeout(resolve, 30_000));
    const [cpuThen, memory] = [processorTimeOf(familyOf(pid)), memoryOfAll(familyOf(pid))];
    print({
      what: 'memory idle',
      measured: megabytes(memory),
      against: 'all processes, PSS',
      goal: '≤ 800 MB',
      met: memory <= 800e6,
    });
    const cpu = ((cpuThen - resting) / 30) * 100;
    print({
      what: 'processor idle',
      measured: `${cpu.toFixed(1)} % of a core`,
      against: 'all processes, over 30 s',
      goal: '≤ 3 %',
      met: cpu <= 3,
    });
  });
}

/** Both sizes with the same WebP settings, as many at a time as there are cores here. */
function vipsthumbnail(library: string, out: string): void {
  mkdirSync(out);
  const { quality, effort } = webpSettings;
  for (const size of [1440, 320]) {
    const target = `${out}/%s-${size}.webp[Q=${quality},effort=${effort}]`;
    execFileSync(
      'sh',
      [
        '-c',
        `find "$0" -name '*.jpg' -print0 | xargs -0 -n 8 -P 2 vipsthumbnail --size '${size}x${size}>' -o "$1"`,
        library,
        target,
      ],
      {
        env: { ...process.env, VIPS_CONCURRENCY: '1' },
      },
    );
  }
}

/** Noise, blurred to the detail of a photo: each picture has its own bytes, of some 3 MB. */
async function generate(library: string, pictures: number): Promise<void> {
  for (let i = 0; i < pictures; i++) {
    const noise = { type: 'gaussian' as const, mean: 100 + (i % 60), sigma: 60 };
    const small = await sharp({ create: { width: 1000, height: 750, channels: 3, background: 'grey', noise } })
      .png({ compressionLevel: 1 })
      .toBuffer();
    const jpeg = await sharp(small)
      .resize(4000, 3000, { kernel: 'cubic' })
      .withExif({ IFD0: { Make: 'Bench', Model: 'One' }, IFD2: { DateTimeOriginal: '2023:01:02 03:04:05' } })
      .jpeg({ quality: 88 })
      .toBuffer();
    writeOld(path.join(library, `album ${i % 4}`, `IMG_${i}.jpg`), jpeg);
  }
  settle(...readdirSync(library).map((name) => path.join(library, name)), library);
}

const ioWorker = (house: RunningHouse): number => house.house().parts.find((part) => part.name === 'io')?.pid ?? 0;

const filesBelow = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

/** So that the bytes read come from the disk. Needs root. */
function dropCaches(): void {
  execFileSync('sync');
  try {
    writeFileSync('/proc/sys/vm/drop_caches', '3');
  } catch (error) {
    console.log(`  the page cache could not be dropped (${String(error)}): bytes read from disk will be too few`);
  }
}
