import type { Queries } from './database.ts';

export interface Likeness {
  face: number;
  person: number;
  refimg: number;
  distance: number;
}

/** A likeness with the distance to the nearest reference image of the person but that one. */
export interface NewLikeness extends Likeness {
  without: number | null;
}

export interface NewName extends Likeness {
  threshold: number;
  runnerUp: { person: number; distance: number } | null;
  perhaps: boolean;
}

export interface Pair {
  face: number;
  person: number;
}

/** What has to be written for a file, so that what is stored is what was found. */
export interface Differences {
  file: number;
  likenesses: { put: NewLikeness[]; drop: Pair[] };
  names: { put: NewName[]; drop: Pair[] };
}

/** Writes what differs, in the transaction that holds the files. */
export async function storeNames(tx: Queries, scan: number, found: readonly Differences[]): Promise<void> {
  const differences = await stillThere(tx, found);
  await storeLikenesses(tx, differences);
  await storeLinks(tx, scan, differences);
}

/** Nobody takes the persons and reference images away until the end; what is of some that went meanwhile is left out. */
async function stillThere(tx: Queries, differences: readonly Differences[]): Promise<Differences[]> {
  const likenesses = differences.flatMap((each) => [...each.likenesses.put, ...each.names.put]);
  const runnersUp = differences.flatMap(({ names }) => names.put.flatMap(({ runnerUp }) => runnerUp?.person ?? []));
  const hold = async (table: 'person' | 'refimg', ids: readonly number[]): Promise<Set<number>> => {
    const rows = await tx<{ id: number }[]>`
      SELECT id FROM ${tx(table)} WHERE id = ANY (${[...new Set(ids)]}) ORDER BY id FOR KEY SHARE`;
    return new Set(rows.map((row) => row.id));
  };
  const persons = await hold('person', [...likenesses.map((each) => each.person), ...runnersUp]);
  const refimgs = await hold(
    'refimg',
    likenesses.map((each) => each.refimg),
  );
  const isThere = ({ person, refimg }: Likeness): boolean => persons.has(person) && refimgs.has(refimg);
  return differences.map((each) => ({
    ...each,
    likenesses: { ...each.likenesses, put: each.likenesses.put.filter(isThere) },
    names: {
      ...each.names,
      put: each.names.put
        .filter(isThere)
        .map((name) => (name.runnerUp && !persons.has(name.runnerUp.person) ? { ...name, runnerUp: null } : name)),
    },
  }));
}

async function storeLikenesses(tx: Queries, differences: readonly Differences[]): Promise<void> {
  const drop = differences.flatMap(({ likenesses }) => likenesses.drop);
  if (drop.length > 0) {
    await tx`
      DELETE FROM likeness USING unnest(${drop.map((each) => each.face)}::int[], ${drop.map((each) => each.person)}::int[]) AS u (face, person)
      WHERE face_id = u.face AND person_id = u.person`;
  }
  const put = differences.flatMap(({ likenesses }) => likenesses.put);
  if (put.length === 0) return;
  await tx`
    INSERT INTO likeness (face_id, person_id, refimg_id, distance, without)
    SELECT face, person, refimg, distance, without
    FROM jsonb_to_recordset(${JSON.stringify(put)}::text::jsonb) AS u (face int, person int, refimg int, distance real, without real)
    ON CONFLICT (face_id, person_id) DO UPDATE SET refimg_id = excluded.refimg_id, distance = excluded.distance, without = excluded.without`;
}

async function storeLinks(tx: Queries, scan: number, differences: readonly Differences[]): Promise<void> {
  const drop = differences.flatMap(({ names }) => names.drop);
  if (drop.length > 0) {
    await tx`
      DELETE FROM file_person_link l USING unnest(${drop.map((each) => each.face)}::int[], ${drop.map((each) => each.person)}::int[]) AS u (face, person)
      WHERE l.face_id = u.face AND l.person_id = u.person AND l.state = 'auto'`;
  }
  const put = differences.flatMap(({ names }) =>
    names.put.map(({ runnerUp, ...each }) => ({
      ...each,
      runner_up: runnerUp?.person ?? null,
      runner_up_distance: runnerUp?.distance ?? null,
    })),
  );
  if (put.length === 0) return;
  await tx`
    INSERT INTO file_person_link (face_id, person_id, state, perhaps, distance, threshold, refimg_id, runner_up_id, runner_up_distance, ai_scan_id)
    SELECT face, person, 'auto', perhaps, distance, threshold, refimg, runner_up, runner_up_distance, ${scan}
    FROM jsonb_to_recordset(${JSON.stringify(put)}::text::jsonb) AS u (
      face int, person int, perhaps boolean, distance real, threshold real, refimg int, runner_up int, runner_up_distance real)
    ON CONFLICT (face_id, person_id) DO UPDATE SET perhaps = excluded.perhaps, distance = excluded.distance,
      threshold = excluded.threshold, refimg_id = excluded.refimg_id, runner_up_id = excluded.runner_up_id,
      runner_up_distance = excluded.runner_up_distance, ai_scan_id = excluded.ai_scan_id, at = now()
    WHERE file_person_link.state = 'auto'`;
}
