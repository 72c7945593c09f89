import type { Queries } from './database.ts';

/** Faces of a page of files, those of a file one after the other: the i-th number of each is of the i-th face. */
export interface FacePage {
  files: Int32Array;
  faces: Int32Array;
  /** `[n, 128]` */
  sketches: Int8Array;
  /** The dirs of the files. */
  dirOf: ReadonlyMap<number, number>;
  /** What to ask for after it. Null: it is the last one. */
  next: { dirs: readonly number[]; after: FileKey } | null;
}

export interface FileKey {
  dir: number;
  file: number;
}

/**
 * A page of the files with faces of some dirs, after the file `after`; only those with an unidentified face, or `all`. It
 * comes as a few long strings of bytes: a million rows would take longer to unpack than to match. The faces are asked for
 * by a list of files, in the order of the index that holds all that is read of them: so its pages are read one after the
 * other, and once. Base64 is two thirds of what bytes are sent as.
 */
export async function facePage(
  sql: Queries,
  { dirs, all, after, limit }: { dirs: readonly number[]; all: boolean; after: FileKey | null; limit: number },
): Promise<FacePage> {
  const [row] = await sql<(Record<'page' | 'files' | 'faces', Buffer | null> & { sketches: string | null })[]>`
    WITH page AS MATERIALIZED (
      SELECT dir_id, id FROM file
      WHERE dir_id = ANY (${dirs}) AND (dir_id, id) > (${after?.dir ?? 0}, ${after?.file ?? 0}) AND missing_since IS NULL
        ${all ? sql`AND num_faces > 0` : sql`AND has_unidentified_face`} ORDER BY dir_id, id LIMIT ${limit})
    SELECT (SELECT string_agg(int4send(dir_id) || int4send(id), '' ORDER BY dir_id, id) FROM page) AS page,
      string_agg(int4send(file_id), '') AS files, string_agg(int4send(id), '') AS faces, encode(string_agg(sketch, ''), 'base64') AS sketches
    FROM (
      SELECT file_id, id, sketch FROM face WHERE file_id = ANY (ARRAY(SELECT id FROM page)) ORDER BY file_id, id) AS sorted`;
  const pairs = integers(row?.page ?? null);
  const dirOf = new Map<number, number>();
  for (let i = 0; i < pairs.length; i += 2) dirOf.set(pairs[i + 1] ?? 0, pairs[i] ?? 0);
  const [dir, file] = pairs.slice(-2);
  const isFull = dir !== undefined && file !== undefined && dirOf.size === limit;
  const sketches = Buffer.from(row?.sketches ?? '', 'base64');
  return {
    files: integers(row?.files ?? null),
    faces: integers(row?.faces ?? null),
    sketches: new Int8Array(sketches.buffer, sketches.byteOffset, sketches.byteLength),
    dirOf,
    next: isFull ? { dirs: dirs.filter((each) => each >= dir), after: { dir, file } } : null,
  };
}

/** The descriptors of those faces that are still there, `[128]` each; as few long strings, as in a page. */
export async function descriptorsOf(sql: Queries, faces: readonly number[]): Promise<Map<number, Float32Array>> {
  const [row] = await sql<{ ids: Buffer | null; descriptors: string | null }[]>`
    SELECT string_agg(int4send(id), '') AS ids, encode(string_agg(descriptor, ''), 'base64') AS descriptors
    FROM (SELECT id, descriptor FROM face WHERE id = ANY (${faces}) ORDER BY id) AS sorted`;
  const bytes = Buffer.from(row?.descriptors ?? '', 'base64');
  const numbers = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const ids = integers(row?.ids ?? null);
  const length = numbers.length / ids.length;
  return new Map(Array.from(ids, (id, i) => [id, numbers.subarray(i * length, (i + 1) * length)]));
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
    SELECT DISTINCT face.file_id AS file FROM likeness JOIN face ON face.id = face_id WHERE person_id = ${person}
    UNION SELECT face.file_id FROM file_person_link JOIN face ON face.id = face_id WHERE person_id = ${person} AND state = 'auto'`;
  return new Set(rows.map((row) => row.file));
}
