import type { LeftReason, PlanNote, Why } from '../model/move-plan.ts';
import type { ByteString } from '../model/names.ts';
import type { Database, Queries } from './database.ts';
import type { FileToPlan } from './plan-units.ts';

/** A file with its place in a plan. */
export interface PlannedFile {
  file: FileToPlan;
  unit: number;
  toPrefix: ByteString;
  toName: ByteString;
  placeKey: string;
  notes: PlanNote[];
  left: LeftReason | null;
  forGood: boolean;
  why: Why | null;
}

/** A plan is made from its beginning: what an earlier run made of it goes. */
export const clearPlan = async (sql: Queries, plan: number): Promise<void> =>
  void (await sql`DELETE FROM move WHERE plan_id = ${plan}`);

/** Adds files to a plan that is being made. */
export async function storePlanned(sql: Queries, plan: number, files: readonly PlannedFile[]): Promise<void> {
  const rows = files.map(({ file, ...planned }) => ({
    unit: planned.unit,
    file: file.id,
    root: file.root,
    from_prefix: file.prefix,
    from_name: file.fname,
    to_prefix: planned.toPrefix,
    to_name: planned.toName,
    place_key: planned.placeKey.replaceAll('\0', ''),
    size: file.size,
    mtime_ns: file.mtimeNs,
    inode: file.inode,
    hash: file.hash,
    why: planned.why,
    notes: planned.notes,
    left: planned.left,
    for_good: planned.forGood,
  }));
  await sql`
    INSERT INTO move (plan_id, unit, file_id, from_root_id, from_prefix, from_name, to_prefix, to_name, place_key,
                      size, mtime_ns, inode, hash, why, notes, left_because, for_good, state)
    SELECT ${plan}, u.unit, u.file, u.root, convert_to(u.from_prefix, 'LATIN1'), convert_to(u.from_name, 'LATIN1'),
           convert_to(u.to_prefix, 'LATIN1'), convert_to(u.to_name, 'LATIN1'), encode(sha256(convert_to(u.place_key, 'UTF8')), 'hex'), u.size, u.mtime_ns, u.inode,
           decode(u.hash, 'hex'), u.why, u.notes, u.left, u.for_good, CASE WHEN u.left IS NULL THEN 'planned' ELSE 'left' END
    FROM jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) AS u (
      unit int, file int, root int, from_prefix text, from_name text, to_prefix text, to_name text, place_key text,
      size bigint, mtime_ns bigint, inode text, hash text, why jsonb, notes text[], "left" text, for_good boolean)`;
}

/** The plan is made, unless a person changed it meanwhile. @returns whether it is */
export async function planMade(sql: Database, plan: number, changes: number): Promise<boolean> {
  const { count } = await sql`
    UPDATE move_plan SET state = 'draft' WHERE id = ${plan} AND state = 'making' AND changes = ${changes}`;
  return count > 0;
}
