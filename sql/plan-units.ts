import type { Choice, PlanWanted } from '../model/move-plan.ts';
import type { ByteString } from '../model/names.ts';
import type { PhotoToSort } from '../model/sorting.ts';
import type { Database, Queries } from './database.ts';
import { photoToSort, sortedBy, type SortedRow } from './sorting.ts';

/** A file as a plan finds it. */
export interface FileToPlan {
  id: number;
  root: number;
  prefix: ByteString;
  fname: ByteString;
  size: number;
  mtimeNs: string;
  inode: string;
  /** SHA-256 in hex. */
  hash: string | null;
  /** Number of the file system that its dir was seen on last. */
  device: string | null;
}

/** A picture, or what is none, with the files that are parts of it. */
export interface UnitToPlan {
  lead: FileToPlan & { photo: PhotoToSort; isRead: boolean };
  parts: FileToPlan[];
  choice: Choice | null;
  to: string | null;
  /** Half of a Live Photo is missing, or a part that was there is gone. */
  isIncomplete: boolean;
}

const unitsAtOnce = 500;

const fileColumns = (sql: Queries) => sql`
  file.id, dir.root_id AS root, convert_from(dir.path_prefix, 'LATIN1') AS prefix, convert_from(file.fname, 'LATIN1') AS fname,
  file.size::float8, file.mtime_ns::text AS "mtimeNs", file.inode, encode(file.hash, 'hex') AS hash, dir.device`;

const isThere = (sql: Queries) => sql`file.gone_after IS NULL AND dir.gone_after IS NULL AND root.removed_at IS NULL`;

/**
 * The pictures that a plan is about, and what else is beside them, in the order they were taken; those without a date last.
 * Read as a stream, some hundred at a time, in one sitting: what comes meanwhile is not in it.
 */
export async function* unitsToPlan(sql: Database, plan: number, wanted: PlanWanted): AsyncGenerator<UnitToPlan[]> {
  const leads = sql<
    (FileToPlan & SortedRow & { isRead: boolean; choice: Choice | null; to: string | null; live: boolean })[]
  >`
    SELECT ${fileColumns(sql)}, ${sortedBy(sql)}, file.read_at IS NOT NULL AND dir.described AS "isRead",
           content.content_id IS NOT NULL AND content.clip_length IS NULL AS live, c.choice, c.to_dir AS to
    FROM file JOIN dir ON dir.id = file.dir_id JOIN root ON root.id = dir.root_id
      LEFT JOIN content ON content.hash = file.hash LEFT JOIN move_choice c ON c.plan_id = ${plan} AND c.unit = file.id
    WHERE file.main_id IS NULL AND ${isThere(sql)} AND ${isWanted(sql, wanted)}
    ORDER BY file.taken_at, file.id`;
  for await (const page of leads.cursor(unitsAtOnce)) {
    const parts = await partsOf(
      sql,
      page.map(({ id }) => id),
    );
    yield page.map((row) => {
      const own = parts.get(row.id) ?? [];
      return {
        lead: { ...fileOf(row), photo: photoToSort(row), isRead: row.isRead },
        parts: own.filter((part) => !part.isGone).map(fileOf),
        choice: row.choice,
        to: row.to,
        isIncomplete: own.some((part) => part.isGone) || (row.live && own.length === 0),
      };
    });
  }
}

const fileOf = ({ id, root, prefix, fname, size, mtimeNs, inode, hash, device }: FileToPlan): FileToPlan => ({
  ...{ id, root, prefix, fname, size, mtimeNs, inode, hash, device },
});

function isWanted(sql: Queries, { roots, dir, files, from, until, again }: PlanWanted) {
  const among = [
    roots === undefined ? (dir ?? files) === undefined && sql`root.kind = 'import'` : sql`root.id = ANY (${roots})`,
    dir !== undefined && isBelow(sql, dir),
    files !== undefined && sql`file.id IN (SELECT coalesce(main_id, id) FROM file f WHERE f.id = ANY (${files}))`,
    from !== undefined && sql`file.taken_at >= ${from}::text::timestamp`,
    until !== undefined && sql`file.taken_at < ${until}::text::timestamp + interval '1 day'`,
    again !== true &&
      sql`NOT EXISTS (
      SELECT FROM move m JOIN move_plan p ON p.id = m.plan_id
      WHERE m.file_id = file.id AND m.for_good AND p.state IN ('approved', 'done'))`,
  ].filter((condition) => condition !== false);
  return among.reduce((all, condition) => sql`${all} AND ${condition}`, sql`true`);
}

/** Of a dir or one below it. '0' follows '/' in byte order. */
const isBelow = (sql: Queries, dir: number) => sql`EXISTS (
  SELECT FROM dir top WHERE top.id = ${dir} AND top.root_id = dir.root_id AND (top.id = dir.id OR top.path_prefix = ''
    OR dir.path_prefix > top.path_prefix || '/'::bytea AND dir.path_prefix < top.path_prefix || '0'::bytea))`;

async function partsOf(
  sql: Queries,
  leads: readonly number[],
): Promise<Map<number, (FileToPlan & { isGone: boolean })[]>> {
  const rows = await sql<(FileToPlan & { main: number; isGone: boolean })[]>`
    SELECT ${fileColumns(sql)}, main_id AS main, file.gone_after IS NOT NULL AS "isGone"
    FROM file JOIN dir ON dir.id = file.dir_id WHERE main_id = ANY (${leads}) ORDER BY file.id`;
  return Map.groupBy(rows, ({ main }) => main);
}

/** Those of some contents (SHA-256 in hex) that a file of a storage path holds which is not one of these. */
export async function hashesInStorage(
  sql: Queries,
  hashes: readonly string[],
  but: readonly number[],
): Promise<Set<string>> {
  const rows = await sql<{ hash: string }[]>`
    SELECT DISTINCT h AS hash FROM unnest(${hashes}::text[]) AS u (h), LATERAL (
      SELECT FROM file JOIN dir ON dir.id = dir_id JOIN root ON root.id = dir.root_id
      WHERE hash = decode(h, 'hex') AND root.kind = 'storage' AND root.removed_at IS NULL AND file.missing_since IS NULL
        AND file.gone_after IS NULL AND NOT file.id = ANY (${but}) LIMIT 1) AS held`;
  return new Set(rows.map(({ hash }) => hash));
}

/** The names of files in some dirs. */
export async function namesInDirs(
  sql: Queries,
  dirs: readonly number[],
): Promise<{ dir: number; fname: ByteString }[]> {
  return await sql<{ dir: number; fname: ByteString }[]>`
    SELECT dir_id AS dir, convert_from(fname, 'LATIN1') AS fname FROM file WHERE dir_id = ANY (${dirs}) AND gone_after IS NULL`;
}
