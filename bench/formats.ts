import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { findProgram } from '../engine/priority.ts';
import { webpSettings } from '../photos/decode/decode.ts';
import { createMetadataTool } from '../photos/exiftool.ts';
import { fileType } from '../photos/kind.ts';
import { metadataOf } from '../photos/metadata.ts';
import { createPhotoReader } from '../photos/reader.ts';
import { writeOld } from '../tests/support/pictures.ts';
import { rawFile } from '../tests/support/raw.ts';
import { noRealPictures, realPictures } from '../tests/support/real-pictures.ts';
import { median, print, seconds, timed } from './report.ts';

const rounds = 3;
const workers = os.availableParallelism();

/** HEIC, RAW and video against the programs people would use, and metadata against ExifTool alone. */
export async function benchFormats(): Promise<void> {
  if (noRealPictures) return console.log(`  formats: ${noRealPictures}`);
  const dir = await mkdtemp(path.join(os.tmpdir(), 'bench-formats-'));
  try {
    await compare(dir, {
      what: 'HEIC',
      against: 'heif-convert + vipsthumbnail',
      needs: ['heif-convert', 'vipsthumbnail'],
      files: copies(
        path.join(dir, 'heic'),
        samplesOf('.heic').filter((file) => statSync(file).size > 500_000),
        12,
      ),
      script: `heif-convert -q 92 "$1" "$2.jpg" >/dev/null && ${thumbnails('"$2.jpg"')}`,
    });
    await compare(dir, {
      what: 'RAW previews',
      against: 'exiftool -b + vipsthumbnail',
      needs: ['exiftool', 'vipsthumbnail'],
      files: await raws(path.join(dir, 'raw'), 24),
      script: `exiftool -b -PreviewImage "$1" > "$2.jpg" && ${thumbnails('"$2.jpg"')}`,
    });
    await compare(dir, {
      what: 'video posters',
      against: 'ffmpeg, both sizes',
      needs: ['ffmpeg'],
      files: copies(path.join(dir, 'video'), ['.mp4', '.mov', '.mts', '.m4v'].flatMap(samplesOf), 30),
      script: `ffmpeg -v error -y -i "$1" -frames:v 1 -vf "scale='min(1440,iw)':-2" "$2-1440.webp" -frames:v 1 -vf "scale='min(320,iw)':-2" "$2-320.webp" </dev/null`,
    });
    await compareMetadata();
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

const thumbnails = (picture: string): string =>
  [1440, 320]
    .map(
      (size) =>
        `vipsthumbnail ${picture} --size '${size}x${size}>' --export-profile srgb -o "%s-${size}.webp[Q=${webpSettings.quality},effort=${webpSettings.effort}]"`,
    )
    .join(' && ');

interface Comparison {
  what: string;
  against: string;
  needs: string[];
  files: string[];
  /** Makes the thumbnails of the file $1 at the path $2 without an ending. */
  script: string;
}

/** Rounds take turns, so that both meet the same machine; as many files at a time as there are cores here. */
async function compare(dir: string, { what, against, needs, files, script }: Comparison): Promise<void> {
  const missing = needs.filter((name) => !findProgram(name));
  if (missing.length > 0) return console.log(`  ${what}: not compared, ${missing.join(' and ')} is not here`);
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const [mine, other] = ['ours', 'theirs'].map((name) => path.join(dir, `${what} ${name} ${round}`)) as [
      string,
      string,
    ];
    mkdirSync(other);
    ours.push(await timed(() => readAll(files, mine)));
    theirs.push(await timed(() => runAll(files, other, script)));
  }
  print({
    what: `${files.length} ${what}`,
    measured: `${seconds(median(ours))}, ${(files.length / median(ours)).toFixed(1)} a second`,
    against: `${(median(ours) / median(theirs)).toFixed(2)} × ${against} (${seconds(median(theirs))})`,
    goal: '≤ 1.0 ×',
    met: median(ours) <= median(theirs),
  });
}

/** Hash, metadata, thumbnails: all that the thumbs step does with a file. */
async function readAll(files: readonly string[], thumbsDir: string): Promise<void> {
  const reader = createPhotoReader({ thumbsDir, tempDir: thumbsDir, workers });
  try {
    const readings = await Promise.all(
      files.map((file) => reader.read(Buffer.from(file), fileType(Buffer.from(file)), () => Promise.resolve(false))),
    );
    const failed = readings.find(({ decoded }) => decoded === null);
    if (failed) throw new Error(`not decoded: ${failed.error?.message}`);
  } finally {
    await reader.close();
  }
}

async function runAll(files: readonly string[], out: string, script: string): Promise<void> {
  execFileSync('xargs', ['-0', '-n', '2', '-P', String(workers), 'sh', '-c', script, 'sh'], {
    input: files.map((file, i) => `${file}\0${path.join(out, String(i))}\0`).join(''),
    env: { ...process.env, VIPS_CONCURRENCY: '1' },
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

/** The same answers of the same ExifTool: in processes that stay, as many as there are cores, against one run over all. */
async function compareMetadata(): Promise<void> {
  // Several times, so that starting does not count for more than it does in a library.
  const folders = ['camera', 'mixed', 'camera', 'mixed', 'camera', 'mixed'].map((name) =>
    path.join(realPictures, name),
  );
  const files = folders.flatMap(filesBelow);
  const home = path.dirname(createRequire(import.meta.url).resolve('exiftool-vendored.pl/package.json'));
  const exiftool = path.join(home, 'bin', 'exiftool');
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const tool = createMetadataTool({ tempDir: os.tmpdir(), processes: workers });
    ours.push(
      await timed(async () => {
        await Promise.all(files.map(async (file) => metadataOf(await tool.tags(Buffer.from(file)), new Date())));
      }),
    );
    await tool.close();
    theirs.push(
      await timed(() => {
        // It ends with an error where one file is broken, and has read the others.
        spawnSync('perl', [exiftool, '-json', '-r', '-q', ...folders], { stdio: 'ignore' });
      }),
    );
  }
  print({
    what: `metadata of ${files.length} files`,
    measured: `${seconds(median(ours))}, ${Math.round(files.length / median(ours))} a second`,
    against: `${(median(ours) / median(theirs)).toFixed(2)} × exiftool -json -r (${seconds(median(theirs))})`,
    goal: '< 1.0 ×',
    met: median(ours) < median(theirs),
  });
}

const filesBelow = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

const samplesOf = (extension: string): string[] =>
  ['camera', 'mixed']
    .flatMap((name) => filesBelow(path.join(realPictures, name)))
    .filter((file) => file.toLowerCase().endsWith(extension));

/** So many files of the samples' kinds, each with bytes of its own: equal contents would be decoded once. */
function copies(dir: string, originals: readonly string[], n: number): string[] {
  return Array.from({ length: n }, (_, i) => {
    const original = originals[i % originals.length] ?? '';
    const file = path.join(dir, `${i}${path.extname(original).toLowerCase()}`);
    // What follows the last box is no part of a picture or a video.
    writeOld(
      file,
      Buffer.concat([readFileSync(original), Buffer.from(`\0\0\0\x0cfree${String(i).padStart(4)}`, 'latin1')]),
    );
    return file;
  });
}

/** 12 MP previews in files of 20 MB. */
async function raws(dir: string, n: number): Promise<string[]> {
  const files: string[] = [];
  for (let i = 0; i < n; i++) {
    const noise = { type: 'gaussian' as const, mean: 100 + i, sigma: 60 };
    const small = await sharp({ create: { width: 1000, height: 750, channels: 3, background: 'grey', noise } })
      .png()
      .toBuffer();
    const jpeg = await sharp(small).resize(4000, 3000, { kernel: 'cubic' }).jpeg({ quality: 88 }).toBuffer();
    const file = path.join(dir, `${i}.cr2`);
    writeOld(file, rawFile(jpeg, { sensorBytes: 17_000_000 }));
    files.push(file);
  }
  return files;
}
