import type { Queries } from './database.ts';

/** Faces of a page of files, in the order of dirs and files: the i-th number of each is of the i-th face. */
export interface FacePage {
  dirs: Int32Array;
  files: Int32Array;
  faces: Int32Array;
  /** `[n, 128]` */
  sketches: Int8Array;
  /** The last file looked at, with or without faces that are asked for: the next page begins after it. */
  last: FileKey;
}

export interface FileKey {
  dir: number;
  file: number;
}

/**
 * A page of the files with faces of some dirs, after the file `after`; only those with an unidentified face, or `all`.
 * Null after the last one. It comes as a few long strings of bytes: a million rows would take longer to unpack than to match.
 */
export async function facePage(
  sql: Queries,
  { dirs, all, after, limit }: { dirs: readonly number[]; all: boolean; after: FileKey; limit: number },
): Promise<FacePage | null> {
  const [row] = await sql<
    {
      dir: number | null;
      file: number;
      dirs: Buffer | null;
      files: Buffer | null;
      faces: Buffer | null;
      sketches: Buffer | null;
    }[]
  >`
    WITH page AS MATERIALIZED (
      SELECT dir_id, id FROM file
      WHERE dir_id = ANY (${dirs}) AND (dir_id, id) > (${after.dir}, ${after.file}) AND missing_since IS NULL
        ${all ? sql`AND num_faces > 0` : sql`AND has_unidentified_face`} ORDER BY dir_id, id LIMIT ${limit})
    SELECT (SELECT max(dir_id) FROM page) AS dir, (SELECT id FROM page ORDER BY dir_id DESC, id DESC LIMIT 1) AS file,
      string_agg(int4send(dir_id), '') AS dirs, string_agg(int4send(file_id), '') AS files,
      string_agg(int4send(id), '') AS faces, string_agg(sketch, '') AS sketches
    FROM (
      SELECT page.dir_id, face.file_id, face.id, face.sketch FROM page JOIN face ON face.file_id = page.id
      ORDER BY page.dir_id, face.file_id, face.id) AS sorted`;
  if (!row || row.dir === null) return null;
  const { dirs: dirBytes, sketches } = row;
  return {
    dirs: integers(dirBytes),
    files: integers(row.files),
    faces: integers(row.faces),
    // A page whose faces went meanwhile has none.
    sketches: new Int8Array(sketches ?? []),
    last: { dir: row.dir, file: row.file },
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
