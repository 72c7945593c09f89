import { createHash } from 'node:crypto';
import Type, { type Static } from 'typebox';

const Name = Type.String({ pattern: '^[a-z][a-z_]{0,62}$' });
const Count = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

/** What was added up of the entries that belong together. */
export const Sum = Type.Object({ bytes: Count, sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }) });
export type Sum = Static<typeof Sum>;

/**
 * The last entry of a backup: what it is, and what each part of it must be. A file that was cut off has none.
 * The rows of a table are the entries `tables/<name>/<number>`, in the order of the numbers.
 */
export const Manifest = Type.Object({
  format: Type.Literal(1),
  product: Type.Literal('photo-assistant'),
  /** Of the product that made it. */
  version: Type.String({ maxLength: 100 }),
  /** Names of the migrations that had made its tables. */
  migrations: Type.Array(Type.String({ pattern: '^\\d{4}-[a-z0-9-]{1,80}$' }), { maxItems: 10_000 }),
  at: Type.String({ maxLength: 40 }),
  tables: Type.Array(
    Type.Object({ name: Name, columns: Type.Array(Name, { maxItems: 1000 }), rows: Count, ...Sum.properties }),
    { maxItems: 1000 },
  ),
  sequences: Type.Array(Type.Object({ table: Name, column: Name, last: Count }), { maxItems: 1000 }),
  /** Pictures in it: all thumbnails, or only those that can't be made again from the originals. */
  thumbs: Type.Object({ all: Type.Boolean(), files: Count, ...Sum.properties }),
});
export type Manifest = Static<typeof Manifest>;

/** Tells one backup from any other: it holds when it was made, and the sums of all its parts. */
export const sumOf = (manifest: Manifest): string =>
  createHash('sha256').update(JSON.stringify(manifest)).digest('hex');

export const manifestEntry = 'manifest.json';
const tableEntry = /^tables\/([a-z][a-z_]{0,62})\/(\d{6,12})$/;
const thumbEntry = /^thumbs\/(([0-9a-f]{2})\/([0-9a-f]{2})\/[0-9a-f]{64}-(320|1440)\.webp)$/;

/** What an entry is by its name; null for one that no backup has. Nothing else ever becomes a path or a table's name. */
export function entryKind(name: string): { table: string } | { thumb: string } | 'manifest' | null {
  if (name === manifestEntry) return 'manifest';
  const [, table] = tableEntry.exec(name) ?? [];
  if (table !== undefined) return { table };
  const [, thumb, first = '', second = ''] = thumbEntry.exec(name) ?? [];
  return thumb?.startsWith(`${first}/${second}/${first}${second}`) ? { thumb } : null;
}

export const tableEntryName = (table: string, number: number) => `tables/${table}/${String(number).padStart(6, '0')}`;
export const thumbEntryName = (thumb: string) => `thumbs/${thumb}`;
