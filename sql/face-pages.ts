import type { Queries } from './database.ts';

/** Faces of a page of files, those of a file one after the other: the i-th number of each is of the i-th face. */
export interface FacePage {
  files: Int32Array;
  faces: Int32Array;
  /** `[n, 128]` */
  sketches: Int8Array;
  /** The dirs of the files. */
  dirOf: ReadonlyMap<number, number>;
  /** The last file looked at, with or without faces that are asked for: the next page begins after it. */
  last: FileKey;
}

export interface FileKey {
  dir: number;
  file: number;
}

/**
 * A page of the files with faces of some dirs, after the file `after`; only those with an unidentified face, or `all`.
 * Null after the last one. It comes as a few long strings of bytes: a million rows would take longer to unpack than to
 * match. The faces are asked for by a list of files, in the order of the index that holds all that is read of them: so
 * its pages are read one after the other, and once. Base64 is two thirds of what bytes are sent as.
 */
export async function facePage(
  sql: Queries,
  { dirs, all, after, limit }: { dirs: readonly number[]; all: boolean; after: FileKey; limit: number },
): Promise<FacePage | null> {
  const [row] = await sql<(Record<'page' | 'files' | 'faces', Buffer | null> & { sketches: string | null })[]>`
    WITH page AS MATERIALIZED (
      SELECT dir_id, id FROM file
      WHERE dir_id = ANY (${dirs}) AND (dir_id, id) > (${after.dir}, ${after.file}) AND missing_since IS NULL
        ${all ? sql`AND num_faces > 0` : sql`AND has_unidentified_face`} ORDER BY dir_id, id LIMIT ${limit})
    SELECT (SELECT string_agg(int4send(dir_id) || int4send(id), '') FROM page) AS page,
      string_agg(int4send(file_id), '') AS files, string_agg(int4send(id), '') AS faces, encode(string_agg(sketch, ''), 'base64') AS sketches
    FROM (
      SELECT file_id, id, sketch FROM face WHERE file_id = ANY (ARRAY(SELECT id FROM page)) ORDER BY file_id, id) AS sorted`;
  if (!row?.page) return null;
  const pairs = integers(row.page);
  const dirOf = new Map<number, number>();
  let last: FileKey = { dir: 0, file: 0 };
  for (let i = 0; i < pairs.length; i += 2) {
    const [dir = 0, file = 0] = [pairs[i], pairs[i + 1]];
    dirOf.set(file, dir);
    if (dir > last.dir || (dir === last.dir && file > last.file)) last = { dir, file };
  }
  return {
    files: integers(row.files),
    faces: integers(row.faces),
    // A page whose faces went meanwhile has none.
    sketches: new Int8Array(Buffer.from(row.sketches ?? '', 'base64')),
    dirOf,
    last,
  };
}

/** As int4send writes them: big endian. */
function integers(bytes: Buffer | null): Int32Array {
  if (!bytes) return new Int32Array();
  const copy = Buffer.from(bytes).swap32();
  return new Int32Array(copy.buffer.slice(copy.byteOffset, copy.byteOffset + copy.byteLength));
}

/** The files in which somebody is likened to a person: they are named anew even where nobody comes near any more. */
export async function filesLikeIt(sql: Queries, person: number): Promise<Set<number>> {
  const rows = await sql<{ file: number }[]>`
    SELECT DISTINCT file_id AS file FROM likeness JOIN face ON face.id = face_id WHERE person_id = ${person}
    UNION SELECT file_id FROM file_person_link JOIN face ON face.id = face_id WHERE person_id = ${person} AND state = 'auto'`;
  return new Set(rows.map((row) => row.file));
}
