import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, utimesSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Demo {
  readonly importPath: string;
  /** The environment to run it in: with a data folder of its own, unless the user named one. */
  readonly env: NodeJS.ProcessEnv;
  /** The directory that is to be removed when it is over. */
  readonly throwAway: string;
}

/** Sample photos in a new import path, as if a camera had taken them on some days of last year. */
export function createDemo(): Demo {
  const samples = path.join(
    path.dirname(fileURLToPath(import.meta.resolve('@vladmandic/face-api/package.json'))),
    'demo',
  );
  const throwAway = mkdtempSync(path.join(os.tmpdir(), 'photo-assistant-demo-'));
  const importPath = path.join(throwAway, 'photos');
  mkdirSync(importPath);
  const names = readdirSync(samples)
    .filter((name) => /^sample.*\.jpg$/.test(name))
    .sort();
  for (const [index, name] of names.entries()) {
    const copy = path.join(importPath, name);
    copyFileSync(path.join(samples, name), copy);
    const taken = new Date(Date.UTC(new Date().getUTCFullYear() - 1, 5, 1 + index * 9, 10, 30));
    utimesSync(copy, taken, taken);
  }
  const env = process.env.PHOTO_ASSISTANT_DATA
    ? process.env
    : { ...process.env, PHOTO_ASSISTANT_DATA: path.join(throwAway, 'data') };
  return { importPath, env, throwAway };
}
