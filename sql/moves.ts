import { CodedError, type ErrorReport } from '../model/errors.ts';
import type { ByteString } from '../model/names.ts';
import type { Database, Queries } from './database.ts';

/** Carried out, or taken back. */
export type Direction = 'to' | 'back';

/** One file that is to be moved, or taken back, or was on its way when something ended the run before. */
export interface MoveToDo {
  id: number;
  unit: number;
  file: number | null;
  /** Number of the path it comes from. */
  fromRoot: number;
  fromPrefix: ByteString;
  fromName: ByteString;
  toPrefix: ByteString;
  toName: ByteString;
  size: number;
  mtimeNs: string;
  inode: string;
  nowMtimeNs: string | null;
  nowInode: string | null;
  /** SHA-256 in hex. */
  hash: string | null;
  begun: boolean;
  /** Inode of the compared copy. */
  copy: string | null;
  /** Where the file was seen last is not where the move would take it from, or another plan moves it. */
  isElsewhere: boolean;
}

/** Names the locks below; any number that nothing else uses. */
const lock = 4_800_006;

/**
 * Waits until nobody else moves files of a plan, and keeps others waiting until the transaction ends. A worker that was taken
 * for dead may live on: two that move the same file could take away what the other one made.
 */
export const holdPlan = async (tx: Queries, plan: number): Promise<void> =>
  void (await tx`SELECT pg_advisory_xact_lock(${lock}, ${plan})`);

/**
 * The next files of a plan that are to be moved, or taken back; whole units, in the order of their numbers: no more than `files`
 * of `bytes` in all, but one unit at least.
 */
export async function nextMoves(
  sql: Queries,
  plan: number,
  direction: Direction,
  { files, bytes }: { files: number; bytes: number },
): Promise<MoveToDo[]> {
  return await sql<MoveToDo[]>`
    WITH due AS (
      SELECT unit, size FROM move WHERE plan_id = ${plan} AND ${isDue(sql, direction)} ORDER BY unit LIMIT ${files}),
    -- The last unit may be cut: it comes with the next ones, unless it is all there is. A bound, and no list of units: a
    -- planner that knows nothing yet of the plan's rows would compare each with each.
    bound AS (
      SELECT coalesce(max(unit) FILTER (WHERE bytes <= ${bytes} AND (files < ${files} OR unit < last)), min(unit)) AS unit
      FROM (SELECT unit, sum(size) OVER (ORDER BY unit) AS bytes, max(unit) OVER () AS last, count(*) OVER () AS files
            FROM due) each)
    SELECT move.id, unit, file_id AS file, from_root_id AS "fromRoot", convert_from(from_prefix, 'LATIN1') AS "fromPrefix",
           convert_from(from_name, 'LATIN1') AS "fromName", convert_from(to_prefix, 'LATIN1') AS "toPrefix",
           convert_from(to_name, 'LATIN1') AS "toName", move.size::float8, move.mtime_ns::text AS "mtimeNs", move.inode,
           now_mtime_ns::text AS "nowMtimeNs", now_inode AS "nowInode", encode(move.hash, 'hex') AS hash,
           begun, copy_inode AS copy,
           NOT begun AND (file.id IS NULL OR dir.root_id <> ${direction === 'to' ? sql`from_root_id` : sql`move_plan.root_id`}
             OR (dir.path_prefix, file.fname) <> ${direction === 'to' ? sql`(from_prefix, from_name)` : sql`(to_prefix, to_name)`}
             OR EXISTS (SELECT FROM move other WHERE other.file_id = move.file_id AND other.begun AND other.id <> move.id)) AS "isElsewhere"
    FROM move JOIN move_plan ON move_plan.id = plan_id
      LEFT JOIN file ON file.id = file_id LEFT JOIN dir ON dir.id = file.dir_id
    WHERE plan_id = ${plan} AND ${isDue(sql, direction)} AND unit <= (SELECT unit FROM bound)
    ORDER BY unit, move.id`;
}

const isDue = (sql: Queries, direction: Direction) =>
  direction === 'to'
    ? sql`move.state IN ('planned', 'moving') AND NOT back`
    : sql`move.state IN ('moved', 'moving') AND back`;

/** From here on these are on their way; these dirs of the storage path are about to be made for them. */
export async function movesBegun(
  sql: Database,
  plan: number,
  ids: readonly number[],
  dirs: readonly ByteString[],
): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`UPDATE move SET state = 'moving', begun = true, error_code = NULL, error_message = NULL WHERE id = ANY (${ids}) AND state <> 'moving'`;
    await tx`
      INSERT INTO move_dir (plan_id, prefix) SELECT ${plan}, convert_to(p, 'LATIN1') FROM unnest(${dirs}::text[]) AS u (p)
      ON CONFLICT DO NOTHING`;
  });
}

/** This one has a compared copy, with this inode. */
export const moveCopied = async (sql: Queries, { id, inode }: { id: number; inode: string }): Promise<void> =>
  void (await sql`UPDATE move SET copy_inode = ${inode} WHERE id = ${id}`);

export interface RefusedMove extends ErrorReport {
  id: number;
  /** Nothing of the move is on disk. */
  clean: boolean;
}

/** Marks files of a plan that could not be moved, or taken back: these stay moved. */
export async function movesRefused(sql: Queries, direction: Direction, refused: readonly RefusedMove[]): Promise<void> {
  if (refused.length === 0) return;
  await sql`
    UPDATE move SET state = ${direction === 'to' ? 'failed' : 'moved'}, back = false, begun = NOT u.clean,
      copy_inode = CASE WHEN NOT u.clean THEN copy_inode END, error_code = u.code, error_message = u.message
    FROM unnest(${refused.map(({ id }) => id)}::int[], ${refused.map(({ code }) => code)}::text[],
                ${refused.map(({ message }) => message)}::text[], ${refused.map(({ clean }) => String(clean))}::text[]::boolean[]) AS u (id, code, message, clean)
    WHERE move.id = u.id AND ${isDue(sql, direction)}`;
}

/** Makes sure that a plan may be carried out; what failed before is to be tried again. Throws plan.unknown, plan.not-approved. */
export async function beginMoves(sql: Queries, plan: number): Promise<void> {
  const [row] = await sql<{ state: string }[]>`SELECT state FROM move_plan WHERE id = ${plan}`;
  if (!row) throw new CodedError('plan.unknown', `There is no plan with the number ${plan}.`);
  if (row.state !== 'approved' && row.state !== 'done') throw new CodedError('plan.not-approved');
  await sql`
    UPDATE move SET state = 'planned', error_code = NULL, error_message = NULL WHERE plan_id = ${plan} AND state = 'failed'`;
}

/** The plan has come to its end, where nothing of it is left to be moved. */
export async function endPlan(sql: Queries, plan: number): Promise<void> {
  await sql`
    UPDATE move_plan SET state = 'done', ended_at = now() WHERE id = ${plan} AND state = 'approved'
      AND NOT EXISTS (SELECT FROM move WHERE plan_id = ${plan} AND state IN ('planned', 'moving'))`;
}

/** The paths that files of a plan came from or went to. */
export async function rootsOfPlan(sql: Queries, plan: number): Promise<{ to: number; from: number[] }> {
  const [row] = await sql<{ to: number; from: number[] }[]>`
    SELECT root_id AS to, ARRAY(SELECT DISTINCT from_root_id FROM move WHERE plan_id = ${plan} AND state IN ('moved', 'undone')) AS from
    FROM move_plan WHERE id = ${plan}`;
  if (!row) throw new CodedError('plan.unknown', `There is no plan with the number ${plan}.`);
  return row;
}

/** Dirs that files of a plan have left, by their path's number. */
export async function dirsLeft(sql: Queries, plan: number): Promise<{ root: number; prefix: ByteString }[]> {
  return await sql<{ root: number; prefix: ByteString }[]>`
    SELECT DISTINCT from_root_id AS root, convert_from(from_prefix, 'LATIN1') AS prefix
    FROM move WHERE plan_id = ${plan} AND state = 'moved'`;
}

/** Dirs that a plan has made in its storage path. */
export async function dirsMade(sql: Queries, plan: number): Promise<ByteString[]> {
  const rows = await sql<{ prefix: ByteString }[]>`
    SELECT convert_from(prefix, 'LATIN1') AS prefix FROM move_dir WHERE plan_id = ${plan}`;
  return rows.map(({ prefix }) => prefix);
}
