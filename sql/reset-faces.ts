import type { ResetPreview } from '../model/face-scans.ts';
import { displayName, pathBelow, type ByteString } from '../model/names.ts';
import type { Database, Queries } from './database.ts';
import { countSearched } from './face-search.ts';

/** Faces a person spoke on, or drew: they stay, whatever is forgotten. */
const spokenOn = (sql: Queries) => sql`
  (face.by_hand OR face.marked IS NOT NULL
   OR EXISTS (SELECT FROM file_person_link l WHERE l.face_id = face.id AND l.state <> 'auto'))`;

const present = (sql: Queries, dir: number | undefined) => sql`
  face JOIN file ON file.id = face.file_id AND file.missing_since IS NULL
  JOIN dir ON dir.id = file.dir_id AND dir.missing_since IS NULL ${dir === undefined ? sql`` : sql`AND dir.id = ${dir}`}
  JOIN root ON root.id = dir.root_id AND root.removed_at IS NULL`;

/** What would go and what would stay, in a dir or everywhere; the dirs with the most faces first, at most `limit` of them. */
export async function previewReset(sql: Queries, dir: number | undefined, limit: number): Promise<ResetPreview> {
  const rows = await sql<(Omit<ResetPreview['dirs'][number], 'path'> & { rootPath: string; prefix: ByteString })[]>`
    WITH each AS (
      SELECT dir.id, face.id AS face, ${spokenOn(sql)} AS kept, face.marked IS NOT NULL AS marked
      FROM ${present(sql, dir)}
    ), counted AS (
      SELECT each.id, count(DISTINCT face)::int AS faces, (count(DISTINCT face) FILTER (WHERE kept))::int AS "facesKept",
             (count(DISTINCT face) FILTER (WHERE marked))::int AS marked,
             (count(*) FILTER (WHERE l.state = 'auto'))::int AS auto, (count(*) FILTER (WHERE l.state = 'confirmed'))::int AS confirmed,
             (count(*) FILTER (WHERE l.state = 'rejected'))::int AS rejected
      FROM each LEFT JOIN file_person_link l ON l.face_id = face GROUP BY each.id)
    SELECT counted.*, dir.num_searched AS pictures, root.path AS "rootPath", convert_from(dir.path_prefix, 'LATIN1') AS prefix
    FROM counted JOIN dir USING (id) JOIN root ON root.id = dir.root_id ORDER BY faces DESC, id`;
  const sum = (key: keyof ResetPreview['total']) => rows.reduce((total, row) => total + row[key], 0);
  return {
    total: {
      pictures: sum('pictures'),
      faces: sum('faces'),
      facesKept: sum('facesKept'),
      auto: sum('auto'),
      confirmed: sum('confirmed'),
      rejected: sum('rejected'),
      marked: sum('marked'),
    },
    numDirs: rows.length,
    dirs: rows.slice(0, limit).map(({ rootPath, prefix, ...row }) => ({
      ...row,
      path: displayName(pathBelow(rootPath, prefix)),
    })),
  };
}

/** Files of one transaction. */
const pageFiles = 200;

/**
 * Forgets who the faces of a dir are: automatic names go; what people said stays, and so do the faces. `faces`: forgets also
 * the faces nobody spoke on, so that the next scan looks at the pictures again. Done twice, it changes nothing the second
 * time. @returns what went
 */
export async function resetDir(
  sql: Database,
  dir: number,
  forget: 'names' | 'faces',
  goOn: () => void,
): Promise<{ names: number; faces: number; pictures: number }> {
  const gone = { names: 0, faces: 0, pictures: 0 };
  for (let after = 0; ;) {
    goOn();
    const page = await resetPage(sql, { dir, after, forget });
    if (page === null) break;
    gone.names += page.names;
    gone.faces += page.faces;
    gone.pictures += page.pictures;
    after = page.last;
  }
  if (forget === 'faces') await countSearched(sql, dir);
  return gone;
}

async function resetPage(
  sql: Database,
  { dir, after, forget }: { dir: number; after: number; forget: 'names' | 'faces' },
): Promise<{ names: number; faces: number; pictures: number; last: number } | null> {
  return await sql.begin(async (tx) => {
    // In the order of numbers, as scans and people hold them.
    const files = await tx<{ id: number }[]>`
      SELECT id FROM file
      WHERE dir_id = ${dir} AND id > ${after} AND missing_since IS NULL AND (num_faces > 0 OR faces_hash IS NOT NULL)
      ORDER BY id LIMIT ${pageFiles} FOR UPDATE`;
    const last = files.at(-1)?.id;
    if (last === undefined) return null;
    const ids = files.map((file) => file.id);
    const names = await tx`
      DELETE FROM file_person_link USING face
      WHERE face.id = face_id AND face.file_id = ANY (${ids}) AND state = 'auto' RETURNING 1`;
    await tx`DELETE FROM likeness USING face WHERE face.id = face_id AND face.file_id = ANY (${ids})`;
    if (forget === 'names') return { names: names.length, faces: 0, pictures: 0, last };
    const faces = await tx`DELETE FROM face WHERE file_id = ANY (${ids}) AND NOT ${spokenOn(tx)} RETURNING 1`;
    // A picture that was replaced since is looked at anyway, and has to know that its faces are of other bytes.
    const pictures = await tx`
      UPDATE file SET faces_hash = NULL, faces_error_code = NULL, faces_error_message = NULL
      WHERE id = ANY (${ids}) AND faces_hash = hash RETURNING 1`;
    return { names: names.length, faces: faces.length, pictures: pictures.length, last };
  });
}

/** A page of the numbers of dirs in which faces were looked for or are known, from `after` on. */
export async function dirsToReset(sql: Queries, after: number, limit: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    SELECT dir.id FROM dir JOIN root ON root.id = dir.root_id
    WHERE dir.id > ${after} AND num_pictures > 0 AND missing_since IS NULL AND removed_at IS NULL ORDER BY dir.id LIMIT ${limit}`;
  return rows.map((row) => row.id);
}
