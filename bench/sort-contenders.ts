import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Dump } from './sort-dump.ts';

/** Whether a program runs here. */
export function isThere(program: string, ...args: string[]): boolean {
  try {
    execFileSync(program, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The same files once more, on the same disks, written down to them. */
export function copyOf(dump: Dump): Dump {
  const copy = { ...dump, from: `${dump.from}-copy`, to: `${dump.to}-copy` };
  execFileSync('cp', ['-a', dump.from, copy.from]);
  execFileSync('cp', ['-a', dump.to, copy.to]);
  execFileSync('sync');
  return copy;
}

/** Makes sure that all files of a copy are where they belong, and takes it away. */
export function removeCopy({ from, to, files }: Dump): void {
  for (const { dir, path: file } of files) {
    if (!existsSync(path.join(to, dir, path.basename(file)))) throw new Error(`${file} was not moved`);
  }
  for (const dir of [from, to]) rmSync(dir, { recursive: true });
}

export function byMv(dump: Dump): void {
  run(
    dump,
    [...placesOf(dump)].flatMap(([to, files]) => [`mkdir -p ${to}`, `mv -n -t ${to} ${files.join(' ')}`]),
  );
}

export function byMvOneByOne(dump: Dump): void {
  run(
    dump,
    [...placesOf(dump)].flatMap(([to, files]) => files.flatMap((file) => [`mkdir -p ${to}`, `mv -n ${file} ${to}/`])),
  );
}

/** As phockup does it, by the pictures' own dates. */
export function byExiftool(dump: Dump): void {
  run(dump, [`exiftool -q -r -d '${dump.to}/%Y/%Y-%m-%d/%%f.%%e' '-filename<DateTimeOriginal' ${dump.from}`]);
}

/**
 * Copies that are flushed and compared before the originals go, as careful people do it: with sums that are known beforehand,
 * as the product knows them from its import. What is in memory already need not be read from a disk here.
 */
export function bySha256sum(dump: Dump): void {
  const sums = `${dump.from}.sha256`;
  writeFileSync(
    sums,
    dump.files.map(({ path: file, dir, sha256 }) => `${sha256}  ${dir}/${path.basename(file)}\n`).join(''),
  );
  const places = [...placesOf(dump)];
  run(dump, [
    ...places.flatMap(([to, files]) => [`mkdir -p ${to}`, `cp -p -t ${to} ${files.join(' ')}`]),
    ...places.map(([to]) => `sync ${to}/* ${to}`),
    `cd ${dump.to} && sha256sum --quiet -c ${sums}`,
    ...places.map(([, files]) => `rm ${files.join(' ')}`),
  ]);
}

/** Files by the dir they go to; no name here means anything to a shell. */
function placesOf({ from, to, files }: Dump): Map<string, string[]> {
  const places = Map.groupBy(files, ({ dir }) => path.join(to, dir));
  return new Map([...places].map(([dir, here]) => [dir, here.map((file) => path.join(from, file.path))]));
}

function run(dump: Dump, lines: readonly string[]): void {
  const script = `${dump.from}.sh`;
  writeFileSync(script, ['set -e', ...lines, ''].join('\n'));
  execFileSync('sh', [script], { stdio: ['ignore', 'inherit', 'inherit'] });
}
