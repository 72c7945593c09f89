import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { unknownMigrations, ownMigrations } from '../../sql/schema-version.ts';
import { entryKind, Manifest } from './manifest.ts';
import { readArchive } from './read-archive.ts';
import { countLines, createSumming, type Summing } from './summing.ts';

/**
 * Reads a backup from its beginning to its end and makes sure that all of it is there and is what it was. Writes nothing.
 * `room`: so many bytes may come out of it. Throws backup.invalid, backup.not-read, backup.newer.
 */
export async function checkBackup(file: string, room: number): Promise<Manifest> {
  const refuse = (why: string) => new CodedError('backup.invalid', `${file} is damaged, or no backup: ${why}.`);
  const tables = new Map<string, { sum: Summing; rows: number }>();
  const thumbs = { sum: createSumming(), files: 0 };
  let manifest: Manifest | null = null;
  for await (const { name, content } of readArchive(file, room)) {
    if (manifest !== null) throw refuse('something follows its last part');
    const kind = entryKind(name);
    if (kind === null) throw refuse(`it holds ${JSON.stringify(name.slice(0, 120))}, which no backup does`);
    if (kind === 'manifest') manifest = parse(content) ?? null;
    else if ('thumb' in kind) {
      thumbs.sum.add(kind.thumb, content);
      thumbs.files++;
    } else {
      const table = tables.get(kind.table) ?? { sum: createSumming(), rows: 0 };
      tables.set(kind.table, table);
      table.sum.add(content);
      table.rows += countLines(content);
    }
    if (kind === 'manifest' && manifest === null) throw refuse('what it says of itself can not be understood');
  }
  if (manifest === null) throw refuse('its end is missing');

  for (const { name, rows, bytes, sha256 } of manifest.tables) {
    const found = tables.get(name);
    tables.delete(name);
    const is = { rows: found?.rows ?? 0, ...(found?.sum ?? createSumming()).end() };
    if (!Value.Equal(is, { rows, bytes, sha256 })) throw refuse(`table ${name} is not what it was`);
  }
  for (const name of tables.keys()) throw refuse(`it says nothing of table ${name}`);
  const { all: _, ...told } = manifest.thumbs;
  if (!Value.Equal({ files: thumbs.files, ...thumbs.sum.end() }, told))
    throw refuse('its pictures are not what they were');
  assertKnown(file, manifest);
  return manifest;
}

function parse(content: Buffer): Manifest | null {
  try {
    const value: unknown = JSON.parse(content.toString());
    return Value.Check(Manifest, value) ? value : null;
  } catch {
    // No JSON.
    return null;
  }
}

/** Its tables must be those of this version or of an earlier one. */
function assertKnown(file: string, { migrations, version }: Manifest): void {
  const unknown = unknownMigrations(migrations);
  const isEarlier = ownMigrations()
    .slice(0, migrations.length)
    .every((name, i) => name === migrations[i]);
  if (unknown.length === 0 && isEarlier) return;
  throw new CodedError(
    'backup.newer',
    `${file} was made by Photo Assistant ${version}, whose tables this version does not know. Update Photo Assistant, then restore it.`,
  );
}
