import { CodedError } from '../model/errors.ts';
import type { FaceGroup, Grouping, UnknownFaces } from '../model/face-groups.ts';
import { iso, type Database, type Queries } from './database.ts';

/** A face that is to be grouped. */
export interface UnknownFace {
  id: number;
  file: number;
  size: number;
  sharpness: number;
  score: number;
  cut: boolean;
  /** 128 float32, little endian. */
  descriptor: Buffer;
}

/** The face has no name that stands, and was not set aside. */
export const unknownFace = (sql: Queries) => sql`
  face.marked IS NULL AND NOT EXISTS (
    SELECT FROM file_person_link l WHERE l.face_id = face.id AND l.state <> 'rejected' AND NOT l.perhaps)`;

const present = (sql: Queries) => sql`file.has_unidentified_face AND file.missing_since IS NULL`;

/** A page of the faces without a name, the newest first, before the number `before`. */
export async function unknownFaces(sql: Queries, before: number, limit: number): Promise<UnknownFace[]> {
  return await sql<UnknownFace[]>`
    SELECT face.id, face.file_id AS file, face.size::int, face.sharpness, face.score, face.cut, face.descriptor
    FROM face JOIN file ON file.id = face.file_id
    WHERE face.id < ${before} AND ${present(sql)} AND ${unknownFace(sql)} ORDER BY face.id DESC LIMIT ${limit}`;
}

/** How many faces have no name; `after`: only those with a higher number. */
export async function countUnknown(sql: Queries, after = 0): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM file JOIN face ON face.file_id = file.id
    WHERE face.id > ${after} AND ${present(sql)} AND ${unknownFace(sql)}`;
  return row?.count ?? 0;
}

/** Replaces the groups by others, in one transaction. The faces of a group are in the order they are shown in. */
export async function storeGroups(
  sql: Database,
  { faces, leftOut, newest, groups }: { faces: number; leftOut: number; newest: number; groups: readonly number[][] },
): Promise<void> {
  const rows = groups.flatMap((ids) => {
    const group = ids.reduce((least, id) => Math.min(least, id), Infinity);
    return ids.map((face, place) => ({ face, group, place }));
  });
  await sql.begin(async (tx) => {
    // Two runs cannot store at a time: there is one row for the last one.
    await tx`LOCK TABLE face_grouping IN EXCLUSIVE MODE`;
    await tx`DELETE FROM face_group`;
    await tx`DELETE FROM face_grouping`;
    await tx`INSERT INTO face_grouping (faces, left_out, newest) VALUES (${faces}, ${leftOut}, ${newest})`;
    // A face may have gone since it was read.
    await tx`
      INSERT INTO face_group (face_id, group_id, place)
      SELECT u.face, u.group, u.place
      FROM unnest(${rows.map((row) => row.face)}::int[], ${rows.map((row) => row.group)}::int[], ${rows.map((row) => row.place)}::int[])
           AS u (face, "group", place) JOIN face ON face.id = u.face
      FOR KEY SHARE OF face`;
  });
}

/** The last run; null where there was none. */
export async function readGrouping(sql: Queries): Promise<(Grouping & { newest: number }) | null> {
  const [row] = await sql<(Grouping & { newest: number })[]>`
    SELECT id, ${iso(sql, 'at')} AS at, faces, left_out AS "leftOut", newest FROM face_grouping`;
  return row ?? null;
}

/** Faces of groups that have no name even now. */
const stillUnknown = (sql: Queries) => sql`
  face_group JOIN face ON face.id = face_group.face_id JOIN file ON file.id = face.file_id
  WHERE ${present(sql)} AND ${unknownFace(sql)}`;

/** A group, if there is one, beside the numbers of all. */
type Counted = Omit<FaceGroup, 'id'> & { id: number | null; all: number; inGroups: number };

/** Faces of a group that a list shows. */
const shown = 12;

/**
 * A page of the groups of two and more faces that have no name yet, the largest first, and how many faces and groups there
 * are in all. `cursor` is `next` of the page before.
 */
export async function listGroups(
  sql: Queries,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<UnknownFaces> {
  const grouping = await readGrouping(sql);
  const [unknown, newer] = await Promise.all([countUnknown(sql), grouping ? countUnknown(sql, grouping.newest) : 0]);
  const [afterCount = 0, afterId = 0] = (cursor ?? '').split('-').map(Number);
  const groups = await sql<Counted[]>`
    WITH counted AS (
      SELECT group_id AS id, count(*)::int AS count FROM ${stillUnknown(sql)} GROUP BY group_id HAVING count(*) > 1
    ), total AS (SELECT count(*)::int AS "all", coalesce(sum(count), 0)::int AS "inGroups" FROM counted),
    page AS (
      SELECT * FROM counted
      ${cursor === undefined ? sql`` : sql`WHERE count < ${afterCount} OR (count = ${afterCount} AND id > ${afterId})`}
      ORDER BY count DESC, id LIMIT ${limit})
    SELECT page.id, page.count, total.*, (
      SELECT jsonb_agg(jsonb_build_object('id', f.id, 'file', f.file) ORDER BY f.place) FROM (
        SELECT face.id, face.file_id AS file, face_group.place FROM ${stillUnknown(sql)} AND face_group.group_id = page.id
        ORDER BY face_group.place LIMIT ${shown}) AS f) AS faces
    FROM total LEFT JOIN page ON true ORDER BY page.count DESC, page.id`;
  const [first] = groups;
  const listed = groups.flatMap(({ id, count, faces }) => (id === null ? [] : [{ id, count, faces }]));
  const last = listed.at(-1);
  return {
    grouping: grouping && { id: grouping.id, at: grouping.at, faces: grouping.faces, leftOut: grouping.leftOut },
    unknown,
    newer,
    grouped: first?.inGroups ?? 0,
    total: first?.all ?? 0,
    groups: listed,
    next: last && listed.length === limit ? `${last.count}-${last.id}` : null,
  };
}

/** A group with its faces that have no name yet, at most `limit` of them. Throws face.unknown where there are none. */
export async function getGroup(sql: Queries, id: number, limit: number): Promise<FaceGroup> {
  const ids = await facesOfGroup(sql, id);
  const faces = await sql<FaceGroup['faces']>`
    SELECT face.id, face.file_id AS file FROM face JOIN face_group ON face_group.face_id = face.id
    WHERE face.id = ANY (${ids.slice(0, limit)}) ORDER BY face_group.place`;
  if (ids.length === 0) throw new CodedError('face.unknown', 'There are no faces without a name in this group.');
  return { id, count: ids.length, faces: [...faces] };
}

/** The numbers of a group's faces that have no name yet, those first that show the person best. */
export async function facesOfGroup(sql: Queries, id: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    SELECT face.id FROM ${stillUnknown(sql)} AND face_group.group_id = ${id} ORDER BY face_group.place`;
  return rows.map((row) => row.id);
}
