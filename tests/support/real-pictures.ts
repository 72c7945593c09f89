import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { projectDir } from '../../config.ts';

/** Where the pictures lie that cameras and programs wrote; they are no part of the project. */
export const realPictures = process.env.PHOTO_ASSISTANT_PICTURES ?? path.join(projectDir, '..', 'shared', 'data');

/** Why tests of them are skipped; false where they are there. */
export const noRealPictures = !existsSync(realPictures) && `the real pictures are not at ${realPictures}`;

/** The files below some of their folders, by their path there, in the order of their names. */
export const realFiles = (...folders: string[]): string[] =>
  folders
    .flatMap((folder) => readdirSync(path.join(realPictures, folder), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(realPictures, path.join(entry.parentPath, entry.name)))
    .sort();
