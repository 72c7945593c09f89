import { CodedError } from '../model/errors.ts';
import type { PhotoFile } from '../model/library.ts';
import type { Queries } from './database.ts';
import { filesOf } from './files.ts';
import { underRoots } from './under-roots.ts';

/** Files whose bytes are the same. */
export interface DuplicateGroup {
  /** SHA-256 in hex. */
  hash: string;
  /** Of each of the files, in bytes. */
  size: number;
  count: number;
  /** The first of them. */
  files: PhotoFile[];
}

export interface Duplicates {
  groups: DuplicateGroup[];
  next: string | null;
  /** Of all groups: how many, and the bytes of all files but one of each. */
  total: { groups: number; bytes: number };
}

/** A content of ten thousand copies is told by some of them. */
const mostFiles = 50;

interface Found {
  groups: number;
  bytes: number;
  page: { hash: string; size: number; count: number; waste: number }[];
}

/**
 * A page of the contents that several present files hold, those first that take most space more than needed. Empty files
 * are left out. `next` is the cursor for the page after it. Throws request.invalid for a cursor that is none.
 */
export async function listDuplicates(
  sql: Queries,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<Duplicates> {
  const after = cursor === undefined ? null : readCursor(cursor);
  // In the order of the index file_hash, which alone is read. Grouped by size too: a file that was written anew and not
  // read again yet still has the hash of what it was.
  const [found] = await sql<Found[]>`
    WITH copied AS MATERIALIZED (
      SELECT hash, size, count(*) AS count, size * (count(*) - 1) AS waste FROM file
      WHERE hash IS NOT NULL AND size > 0 AND missing_since IS NULL AND ${underRoots(sql)}
      GROUP BY hash, size HAVING count(*) > 1)
    SELECT
      (SELECT count(*)::int FROM copied) AS groups, (SELECT coalesce(sum(waste), 0)::float8 FROM copied) AS bytes,
      (SELECT coalesce(jsonb_agg(
          jsonb_build_object('hash', encode(hash, 'hex'), 'size', size, 'count', count, 'waste', waste) ORDER BY waste DESC, hash), '[]')
       FROM (
         SELECT * FROM copied
         ${after === null ? sql`` : sql`WHERE (-waste, hash) > (-${after.waste}::text::bigint, decode(${after.hash}, 'hex'))`}
         ORDER BY waste DESC, hash LIMIT ${limit}) AS page) AS page`;
  const { page, groups, bytes } = found ?? { page: [], groups: 0, bytes: 0 };
  const files = Map.groupBy(
    await filesOf(
      sql,
      page.map(({ hash }) => hash),
      mostFiles,
    ),
    ({ hash }) => hash,
  );
  const last = page.at(-1);
  return {
    groups: page
      .map(({ hash, size, count }) => ({
        ...{ hash, size, count },
        files: (files.get(hash) ?? []).filter((file) => file.size === size),
      }))
      .filter((group) => group.files.length > 1),
    next: page.length === limit && last ? Buffer.from(`${last.waste}:${last.hash}`).toString('base64url') : null,
    total: { groups, bytes },
  };
}

function readCursor(cursor: string): { waste: string; hash: string } {
  const [, waste, hash] = /^(\d{1,18}):([0-9a-f]{64})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  if (waste === undefined || hash === undefined) {
    throw new CodedError('request.invalid', 'The cursor is not one this program gave out.');
  }
  return { waste, hash };
}
