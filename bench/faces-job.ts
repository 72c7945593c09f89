import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { idlePriorityCommand } from '../engine/priority.ts';
import { knownPictures } from '../tests/support/faces-truth.ts';
import { settle, writeOld } from '../tests/support/pictures.ts';
import { eventually } from '../tests/support/house.ts';
import { randomFrom } from './faces-pictures.ts';
import { duration, withBench } from './house.ts';
import { median, print } from './report.ts';

const pictures = 60;
const rounds = 3;

/** The job that looks for faces in a folder, against a bare loop over the same previews with as many processes. */
export async function benchFacesJob(): Promise<void> {
  await withBench(async ({ dir, house }) => {
    const library = path.join(dir, 'library');
    await generate(library);
    const running = await house([library]);
    const job = 'faces/1';
    await eventually('the first look for faces', 600_000, async () => (await running.job(job)).endedAt);
    const previews = readdirSync(path.join(running.dataDir, 'thumbs'), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('-1440.webp'))
      .map((name) => path.join(running.dataDir, 'thumbs', name));
    if (previews.length !== pictures) throw new Error(`there are ${previews.length} previews of ${pictures} pictures`);
    const [jobs, loops]: [number[], number[]] = [[], []];
    for (let round = 0; round < rounds; round++) {
      loops.push(bareLoop(previews));
      const before = (await running.job(job)).runId;
      await running.send('POST', '/api/jobs', { kind: 'facesOfPath', root: 1, again: true });
      const again = await eventually('the look for faces again', 600_000, async () => {
        const now = await running.job(job);
        return now.runId !== before && now.endedAt !== null && now;
      });
      jobs.push(duration(again));
    }
    const share = median(jobs.map((took, i) => (loops[i] ?? NaN) / took));
    print({
      what: `faces of ${pictures} pictures as a job`,
      measured: `${(pictures / median(jobs)).toFixed(1)}/s`,
      against: `${share.toFixed(2)} × a bare loop (${(pictures / median(loops)).toFixed(1)}/s)`,
      goal: '≥ 0.95 ×',
      met: share >= 0.95,
    });
  });
}

/** With processes that have to start first, as the job's have, and that let others go first, as the job's do. Seconds. */
function bareLoop(previews: readonly string[]): number {
  const child = fileURLToPath(new URL(`./faces-loop-child${path.extname(import.meta.url)}`, import.meta.url));
  const [command = '', ...args] = idlePriorityCommand([process.execPath, ...process.execArgv, child]);
  const input = JSON.stringify(previews);
  return Number(execFileSync(command, args, { input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] }));
}

/** Parts of the known pictures, each a little different. */
async function generate(library: string): Promise<void> {
  const random = randomFrom(9);
  const known = knownPictures();
  for (let i = 0; i < pictures; i++) {
    const from = known[i % known.length];
    if (!from) throw new Error('there are no known pictures');
    const { width, height } = await sharp(from.path).metadata();
    const share = 0.8 + 0.2 * random();
    const region = {
      left: Math.floor(random() * (1 - share) * width),
      top: Math.floor(random() * (1 - share) * height),
      width: Math.floor(share * width),
      height: Math.floor(share * height),
    };
    const jpeg = await sharp(from.path).extract(region).resize({ width: 1600 }).jpeg({ quality: 90 }).toBuffer();
    writeOld(path.join(library, `album ${i % 3}`, `IMG_${i}.jpg`), jpeg);
  }
  settle(...readdirSync(library).map((name) => path.join(library, name)), library);
}
