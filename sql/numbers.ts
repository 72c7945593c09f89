import type { Queries } from './database.ts';

/** Sums over the dirs of all paths. */
export interface DirNumbers {
  dirs: number;
  /** Dirs that could not be read. */
  failedDirs: number;
  files: number;
  read: number;
  readFailed: number;
  pictures: number;
  searched: number;
  searchFailed: number;
}

/** Counts that are kept on the dirs: no file is looked at. */
export async function dirNumbers(sql: Queries): Promise<DirNumbers> {
  const [row] = await sql<DirNumbers[]>`
    SELECT count(*)::float8 AS dirs, (count(*) FILTER (WHERE error_code IS NOT NULL))::float8 AS "failedDirs",
           coalesce(sum(num_files), 0)::float8 AS files, coalesce(sum(num_read), 0)::float8 AS read,
           coalesce(sum(num_failed), 0)::float8 AS "readFailed", coalesce(sum(num_pictures), 0)::float8 AS pictures,
           coalesce(sum(num_searched), 0)::float8 AS searched, coalesce(sum(num_faces_failed), 0)::float8 AS "searchFailed"
    FROM dir JOIN root ON root.id = dir.root_id WHERE root.removed_at IS NULL AND dir.missing_since IS NULL`;
  if (!row) throw new Error('A sum is always one row.');
  return row;
}

/** All faces that were found, and how many have a name, by who says so. */
export async function faceNumbers(sql: Queries): Promise<{ found: number; auto: number; confirmed: number }> {
  const [row] = await sql<{ found: number; auto: number; confirmed: number }[]>`
    SELECT (SELECT count(*) FROM face)::float8 AS found,
           (count(*) FILTER (WHERE state = 'auto'))::float8 AS auto,
           (count(*) FILTER (WHERE state = 'confirmed'))::float8 AS confirmed
    FROM file_person_link`;
  return row ?? { found: 0, auto: 0, confirmed: 0 };
}

/** Files of plans, by how far they are moved. */
export const moveNumbers = (sql: Queries): Promise<{ state: string; files: number }[]> =>
  sql<
    { state: string; files: number }[]
  >`SELECT state, count(*)::float8 AS files FROM move GROUP BY state ORDER BY state`;
