import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '../model/errors.ts';
import { fileType } from '../photos/kind.ts';
import { createPhotoReader, type Reading } from '../photos/reader.ts';
import { writeHostileFiles } from '../tests/support/hostile-files.ts';
import { withBench } from './house.ts';
import { familyOf } from '../tests/support/processes.ts';
import { realPictures } from '../tests/support/real-pictures.ts';
import { memoryOfAll } from './processes.ts';
import { megabytes, print, seconds } from './report.ts';

const fuzzed = path.join(realPictures, 'fuzzed');

/** Files that are made to keep readers busy: the longest that any of them takes, and the most memory they get. */
export async function benchHostile(): Promise<void> {
  await withBench(async ({ dir }) => {
    const made = path.join(dir, 'made');
    await writeHostileFiles(made, { url: 'http://127.0.0.1:9/', file: '/etc/passwd' });
    const tempDir = path.join(dir, 'temp');
    mkdirSync(tempDir);
    const folders = [made, ...(existsSync(fuzzed) ? [fuzzed] : [])];
    const files = folders.flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)));
    const reader = createPhotoReader({ thumbsDir: path.join(dir, 'thumbs'), tempDir, workers: 2 });
    let peak = 0;
    const sampling = setInterval(() => (peak = Math.max(peak, memoryOfAll(familyOf(process.pid).slice(1)))), 200);
    let slowest = { decodeMs: 0, name: '' };
    await Promise.all(
      files.map(async (file) => {
        const name = Buffer.from(file);
        // The broken ones have no ending: they are taken for pictures.
        const type = path.dirname(file) === made ? fileType(name) : 'image';
        const decodeMs = await timeToDecode(() => reader.read(name, type, () => Promise.resolve(false)));
        if (decodeMs > slowest.decodeMs) slowest = { decodeMs, name: path.basename(file) };
      }),
    );
    clearInterval(sampling);
    await reader.close();
    print({
      what: `slowest to decode of ${files.length} hostile files`,
      measured: `${seconds(slowest.decodeMs / 1000)}, ${slowest.name}`,
      against: 'two at a time',
      goal: '≤ 10 s',
      met: slowest.decodeMs <= 10_000,
    });
    print({
      what: 'memory at peak',
      measured: megabytes(peak),
      against: 'decoders and ExifTool, PSS',
      goal: '≤ 1500 MB',
      met: peak <= 1.5e9,
    });
  });
}

/** A file that can't be read is a result, too. @returns ms */
async function timeToDecode(read: () => Promise<Reading>): Promise<number> {
  try {
    return (await read()).decodeMs ?? 0;
  } catch (error) {
    if (error instanceof CodedError) return 0;
    throw error;
  }
}
