import { readdirSync } from 'node:fs';
import path from 'node:path';
import sharp from 'sharp';
import { settle, writeOld } from './pictures.ts';

/** Pictures in a dir; so many of their names are in the next one again, for cameras begin anew with their numbers. */
const [perDir, again] = [100, 10];

/**
 * An import path as cameras leave it, and a storage path that has some of it already. Every fourth picture has a RAW beside
 * it, every fifth a sidecar; one of fifty is a copy of another one.
 * @returns how many files are in the import path
 */
export async function writeCameraDump(imports: string, storage: string, pictures: number): Promise<number> {
  let files = 0;
  const put = (file: string, data: string | Uint8Array) => {
    writeOld(file, data, new Date(Date.UTC(2024, 4, 4, 12, 0, files++ % 60)));
  };
  for (let i = 0; i < pictures; i++) {
    const dir = Math.floor(i / perDir);
    const name = path.join(imports, 'DCIM', `${100 + dir}CANON`, nameOf(dir * (perDir - again) + (i % perDir)));
    put(`${name}.jpg`, await picture(i % 50 === 49 ? i - 1 : i));
    if (i % 4 === 0) put(`${name}.CR2`, `raw ${i}`);
    if (i % 5 === 0) put(`${name}.xmp`, `<x:xmpmeta xmlns:x="adobe:ns:meta/"><!-- ${i} --></x:xmpmeta>`);
  }
  writeOld(path.join(storage, 'old', 'here already.jpg'), await picture(3));
  writeOld(path.join(storage, '2021', '2021-05-02', `${nameOf(1)}.jpg`), await picture(1_000_000));
  settle(...dirsOf(imports), ...dirsOf(storage));
  return files;
}

/** Of the n-th picture of a May. */
function nameOf(n: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  return `IMG_202105${two((n % 28) + 1)}_${two(Math.floor(n / 1680))}${two(Math.floor(n / 28) % 60)}00`;
}

const picture = async (seed: number): Promise<Buffer> =>
  await sharp({
    create: {
      width: 32,
      height: 24,
      channels: 3,
      background: { r: seed % 256, g: (seed >> 8) % 256, b: (seed >> 16) % 256 },
    },
  })
    .png({ compressionLevel: 1 })
    .toBuffer();

/** All dirs below one, and itself. */
export const dirsOf = (root: string): string[] => [
  ...readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(entry.parentPath, entry.name)),
  root,
];
