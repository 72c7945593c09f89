import { opendir } from 'node:fs/promises';
import path from 'node:path';
import { entryKind, thumbEntryName } from './manifest.ts';

/** The names of all thumbnails, `ab/cd/<hash>-<size>.webp`; a directory is in memory at a time. */
export async function* allThumbs(thumbsDir: string): AsyncGenerator<string> {
  for (const first of await hexDirs(thumbsDir)) {
    for (const second of await hexDirs(path.join(thumbsDir, first))) {
      for await (const { name } of await opendir(path.join(thumbsDir, first, second))) {
        // What is being written has a name of its own until it is whole.
        if (entryKind(thumbEntryName(`${first}/${second}/${name}`))) yield `${first}/${second}/${name}`;
      }
    }
  }
}

async function hexDirs(dir: string): Promise<string[]> {
  const names: string[] = [];
  for await (const entry of await opendir(dir)) if (/^[0-9a-f]{2}$/.test(entry.name)) names.push(entry.name);
  return names.sort();
}
