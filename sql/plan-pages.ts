import type { Move, MoveState, PlanNote, LeftReason, PlannedDir } from '../model/move-plan.ts';
import { displayName, fromBytes, joinPrefix, pathBelow, toBytes, type ByteString } from '../model/names.ts';
import type { Queries } from './database.ts';

/** A dir of a plan by the key that `PlannedDir` gives: its path's bytes. */
const prefixOf = (key: string): ByteString => fromBytes(Buffer.from(key, 'base64'));

/** Files that stay for another reason than their place have none in the plan. */
const hasPlace = (sql: Queries) =>
  sql`(left_because IS NULL OR left_because IN ('duplicate', 'name taken', 'chosen', 'ignored name'))`;

/** All below a dir, itself not. '0' follows '/' in byte order. */
const below = (sql: Queries, prefix: ByteString) =>
  prefix === ''
    ? sql`to_prefix <> ''`
    : sql`to_prefix > convert_to(${prefix + '/'}, 'LATIN1') AND to_prefix < convert_to(${prefix + '0'}, 'LATIN1')`;

/** The dirs right below a dir of the storage path, as a plan would fill them, by name; `under` is a dir's key, '' the top. */
export async function plannedDirs(sql: Queries, plan: number, under: string): Promise<PlannedDir[]> {
  const prefix = prefixOf(under);
  const start = prefix === '' ? 0 : prefix.length + 1;
  const rows = await sql<(Omit<PlannedDir, 'path' | 'key'> & { name: ByteString })[]>`
    SELECT split_part(rest, '/', 1) AS name, count(*)::int AS files, count(*) FILTER (WHERE notes <> '{}')::int AS noted,
           coalesce(sum(size) FILTER (WHERE state <> 'left'), 0)::float8 AS bytes,
           count(*) FILTER (WHERE state = 'left')::int AS left,
           count(*) FILTER (WHERE position('/' IN rest) = 0)::int AS own, bool_or(position('/' IN rest) > 0) AS "hasDirs"
    FROM (
      SELECT substring(convert_from(to_prefix, 'LATIN1') FROM ${start + 1}::int) AS rest, size, notes, state
      FROM move WHERE plan_id = ${plan} AND ${below(sql, prefix)} AND ${hasPlace(sql)}) AS placed
    GROUP BY split_part(rest, '/', 1) ORDER BY split_part(rest, '/', 1) COLLATE "C"`;
  return rows.map(({ name, ...row }) => {
    const own = joinPrefix(prefix, name);
    return { path: displayName(own), key: toBytes(own).toString('base64'), ...row };
  });
}

export interface MoveFilter {
  plan: number;
  /** Only files that go right into this dir, by its key; '' is the storage path itself. */
  dir?: string;
  note?: PlanNote;
  left?: LeftReason;
  state?: MoveState;
  cursor?: number;
  limit: number;
}

interface MoveRow extends Omit<Move, 'from' | 'to' | 'error'> {
  rootPath: string;
  fromPrefix: ByteString;
  fromName: ByteString;
  toPrefix: ByteString;
  toName: ByteString;
  errorCode: string | null;
  errorMessage: string | null;
}

/** A page of a plan's files; the parts of a picture follow it. `next` is the cursor of the page after it. */
export async function listMoves(
  sql: Queries,
  { plan, dir, note, left, state, cursor = 0, limit }: MoveFilter,
): Promise<{ moves: Move[]; next: number | null }> {
  const rows = await sql<MoveRow[]>`
    SELECT move.id, unit, file_id AS file, coalesce(file_id = unit, why IS NOT NULL) AS "isLead",
           CASE WHEN content.thumb THEN encode(content.hash, 'hex') END AS thumb, path AS "rootPath",
           convert_from(from_prefix, 'LATIN1') AS "fromPrefix", convert_from(from_name, 'LATIN1') AS "fromName",
           convert_from(to_prefix, 'LATIN1') AS "toPrefix", convert_from(to_name, 'LATIN1') AS "toName",
           size::float8, state, notes, left_because AS "leftBecause", for_good AS "forGood", why,
           move.error_code AS "errorCode", move.error_message AS "errorMessage"
    FROM move JOIN root ON root.id = from_root_id LEFT JOIN content ON content.hash = move.hash
    WHERE plan_id = ${plan} AND move.id > ${cursor}
      ${dir === undefined ? sql`` : sql`AND to_prefix = convert_to(${prefixOf(dir)}, 'LATIN1') AND ${hasPlace(sql)}`}
      ${note === undefined ? sql`` : sql`AND ${note} = ANY (notes)`}
      ${left === undefined ? sql`` : sql`AND left_because = ${left}`}
      ${state === undefined ? sql`` : sql`AND state = ${state}`}
    ORDER BY move.id LIMIT ${limit}`;
  const last = rows.at(-1);
  return { moves: rows.map(toMove), next: rows.length === limit && last ? last.id : null };
}

const toMove = ({
  rootPath,
  fromPrefix,
  fromName,
  toPrefix,
  toName,
  errorCode,
  errorMessage,
  ...row
}: MoveRow): Move => ({
  ...row,
  from: displayName(pathBelow(rootPath, joinPrefix(fromPrefix, fromName))),
  to: displayName(joinPrefix(toPrefix, toName)),
  error: errorCode === null ? null : { code: errorCode, message: errorMessage ?? '' },
});
