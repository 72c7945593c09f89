import { createHash, randomBytes } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { settle, writeOld } from '../tests/support/pictures.ts';

/** Files of a camera, and where they belong. */
export interface Dump {
  from: string;
  to: string;
  /** Of each file: its path below `from`, the dir below `to` that its date gives it, and what it holds. */
  files: { path: string; dir: string; sha256: string }[];
}

const [filesADir, days] = [100, 180];

/** Small real JPEGs with dates, each with bytes of its own behind its picture. */
export async function writeDump(
  near: string,
  far: string,
  { files, bytes }: { files: number; bytes: number },
): Promise<Dump> {
  const pictures = await Promise.all(Array.from({ length: days }, (_, day) => picture(day)));
  const dump: Dump = { from: path.join(near, 'import'), to: path.join(far, 'storage'), files: [] };
  for (let i = 0; i < files; i++) {
    // As a camera does it: one day after the other.
    const day = Math.floor((i * days) / files);
    const file = path.join(`${100 + Math.floor(i / filesADir)}BENCH`, `IMG_${String(i).padStart(5, '0')}.jpg`);
    const own = bytes > 0 ? randomBytes(bytes) : Buffer.from(`number ${i}`);
    const data = Buffer.concat([pictures[day] ?? own, own]);
    writeOld(path.join(dump.from, file), data);
    const sha256 = createHash('sha256').update(data).digest('hex');
    dump.files.push({ path: file, dir: `2023/${dateOf(day)}`, sha256 });
  }
  writeOld(path.join(dump.to, 'here before.txt'), 'so that it is a storage path that held files before');
  settle(...readdirSync(dump.from).map((name) => path.join(dump.from, name)), dump.from, dump.to);
  return dump;
}

const dateOf = (day: number): string => new Date(Date.UTC(2023, 0, 1 + day)).toISOString().slice(0, 10);

const picture = async (day: number): Promise<Buffer> =>
  await sharp({ create: { width: 64, height: 48, channels: 3, background: { r: day, g: 100, b: 100 } } })
    .withExif({ IFD2: { DateTimeOriginal: `${dateOf(day).replaceAll('-', ':')} 12:00:00` } })
    .jpeg()
    .toBuffer();
