import { readFileSync } from 'node:fs';
import path from 'node:path';
import { projectDir } from '../../config.ts';

/** A page of the docs, or another file, by its path in the project. */
export const readPage = (name: string): string => readFileSync(path.join(projectDir, name), 'utf8');

/** The cells of each row of the table below a heading, without its head; code marks are left in. */
export function tableBelow(page: string, heading: string): string[][] {
  const [, below = ''] = readPage(page).split(`\n${heading}\n`);
  const lines = below.slice(0, below.search(/^#/m) >>> 0).split('\n');
  const rows = lines.filter((line) => line.startsWith('|')).map((line) => line.split('|').slice(1, -1));
  return rows.slice(2).map((cells) => cells.map((cell) => cell.trim()));
}

/** What is marked as code in a text. */
export const coded = (text = ''): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
