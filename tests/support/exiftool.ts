import { execFile } from 'node:child_process';
import { createRequire } from 'node:module';
import path from 'node:path';

/** What ExifTool says of a file without structures: its tags by name. */
export type FlatTags = Readonly<Record<string, unknown>>;

const script = path.join(
  path.dirname(createRequire(import.meta.url).resolve('exiftool-vendored.pl/package.json')),
  'bin',
  'exiftool',
);

/** Runs the ExifTool of the product on its own, in a directory. @returns what it printed */
export async function exiftool(cwd: string, args: readonly string[]): Promise<string> {
  // Neither the user's configuration of ExifTool nor the machine's zone may change what it does.
  const env = { PATH: process.env.PATH, LANG: 'C', TZ: 'UTC' };
  return await new Promise((resolve, reject) => {
    const words = [script, '-config', '', ...args];
    execFile('perl', words, { cwd, env, maxBuffer: 2 ** 28 }, (error, stdout) => {
      // It ends with 1 where it did not understand some of the files; it says that of each.
      if (error && error.code !== 1) reject(new Error(`ExifTool: ${error.message}`, { cause: error }));
      else resolve(stdout);
    });
  });
}

/** The flat tags of all files below some folders, by their path in `cwd`. */
export async function flatTags(
  cwd: string,
  folders: readonly string[],
  args: readonly string[],
): Promise<Map<string, FlatTags>> {
  const printed: unknown = JSON.parse(await exiftool(cwd, ['-json', '-r', ...args, ...folders]));
  const found = new Map<string, FlatTags>();
  for (const tags of Array.isArray(printed) ? printed.filter(isTags) : []) found.set(String(tags.SourceFile), tags);
  return found;
}

const isTags = (value: unknown): value is FlatTags => typeof value === 'object' && value !== null;
