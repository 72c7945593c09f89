import { readdirSync } from 'node:fs';
import path from 'node:path';
import { CodedError } from '../model/errors.ts';
import type { Queries } from './database.ts';

/** The tables of this version are made by the migrations in this directory. */
export const migrationsDir = path.join(import.meta.dirname, 'migrations');

/** The names of this version's migrations, in their order. */
export const ownMigrations = (): string[] =>
  readdirSync(migrationsDir)
    .filter((name) => name.endsWith('.sql'))
    .map((name) => path.basename(name, '.sql'))
    .sort();

/** The names of the migrations that made a database's tables, in their order; none where it is empty. */
export async function ranMigrations(sql: Queries): Promise<string[]> {
  const [there] = await sql`SELECT FROM pg_class WHERE oid = to_regclass('migration')`;
  if (!there) return [];
  const rows = await sql<{ name: string }[]>`SELECT name FROM migration ORDER BY name`;
  return rows.map(({ name }) => name);
}

/** Those that this version does not know: a newer one has made them. */
export const unknownMigrations = (ran: readonly string[]): string[] => {
  const own = new Set(ownMigrations());
  return ran.filter((name) => !own.has(name));
};

/** Throws database.newer for a database that a newer version has brought to its tables. Nothing is changed in it. */
export async function assertNotNewer(sql: Queries): Promise<void> {
  const unknown = unknownMigrations(await ranMigrations(sql));
  if (unknown.length === 0) return;
  throw new CodedError(
    'database.newer',
    `The database belongs to a newer version of Photo Assistant: this one does not know ${unknown.join(', ')}. ` +
      'Nothing was changed. Update Photo Assistant, or restore a backup that this version made.',
  );
}
