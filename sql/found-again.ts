import type { Database, Queries } from './database.ts';
import { filesChanged, holdPlaces } from './places.ts';

/**
 * How a file that is gone is known again in a row for a file that is there. `inode`: device, inode, size and time say that
 * it is the very same, so nothing of it is read. `hash`: the same bytes, seen somewhere else after it was last known to
 * be there. `place`: another file has its name since the scan before; it was changed by something that writes a new file.
 */
type Proof = 'inode' | 'hash' | 'place';

/** Where to look: what a scan of a root noted, or what was just read in a dir. */
type Among = { root: number } | { dir: number };

/** Pairs of one transaction. */
const most = 20_000;

/**
 * Finds files that are gone from where they were, and are somewhere else: each row, with its faces and names, takes the
 * place of the row made for the file that was found, and that one goes. A row whose faces a person has spoken on stays; of a
 * file that was never read nothing is known that could be kept. One to one; equal names first, then in the order of time
 * and number. Safe to repeat. @returns how many
 */
export async function findAgain(sql: Database, among: Among): Promise<number> {
  const [gone] = await sql<{ any: boolean; here: boolean }[]>`
    SELECT EXISTS (SELECT FROM file WHERE gone_after IS NOT NULL) AS any,
      EXISTS (SELECT FROM file JOIN dir ON dir.id = dir_id
              WHERE root_id = ${'root' in among ? among.root : 0} AND file.gone_after IS NOT NULL AND file.missing_since IS NULL) AS here`;
  if (!gone?.any) return 0;
  let found = 0;
  const proofs: Proof[] = 'dir' in among ? ['hash'] : gone.here ? ['inode', 'hash', 'place'] : ['inode'];
  for (const proof of proofs) {
    for (const sameName of proof === 'place' ? [true] : [true, false]) {
      for (let taken = 1; taken > 0;) {
        taken = await sql.begin((tx) => takePlaces(tx, { proof, among, sameName }));
        if (proof !== 'place') found += taken;
      }
    }
    if (proof === 'inode' && 'root' in among && gone.here) await forgetSightings(sql, among.root);
  }
  return found;
}

/**
 * A file that is seen at its new place before its old one is looked at again has two rows for a while. Where the newer one is
 * gone when the older one is found, or known to be gone since before the newer one came, it was this file on its way: it
 * goes, so that it is not taken for the file later.
 */
async function forgetSightings(sql: Database, root: number): Promise<void> {
  await sql.begin(async (tx) => {
    await holdPlaces(tx);
    const forgotten = await tx<{ dir: number }[]>`
      WITH left_before AS (
        SELECT hash, min(file.gone_after) AS gone_after FROM file JOIN dir ON dir.id = dir_id
        WHERE root_id = ${root} AND file.gone_after IS NOT NULL AND file.missing_since IS NULL GROUP BY hash)
      DELETE FROM file WHERE gone_after IS NOT NULL AND NOT ${spokenOn(tx)} AND id IN (
        SELECT id FROM file JOIN left_before l USING (hash) WHERE file.gone_after IS NOT NULL AND found_at > l.gone_after
        UNION ALL
        SELECT newer.id FROM file newer JOIN file older USING (hash, size, mtime_ns, inode)
          JOIN dir was ON was.id = newer.dir_id JOIN dir ON dir.id = older.dir_id JOIN root ON root.id = dir.root_id
        WHERE newer.gone_after IS NOT NULL AND older.gone_after IS NULL AND older.id < newer.id AND dir.device = was.device
          AND dir.missing_since IS NULL AND removed_at IS NULL)
      RETURNING dir_id AS dir`;
    await filesChanged(
      tx,
      forgotten.map(({ dir }) => dir),
    );
  });
}

interface Pairs {
  proof: Proof;
  among: Among;
  sameName: boolean;
}

async function takePlaces(tx: Queries, pairs: Pairs): Promise<number> {
  await holdPlaces(tx);
  await tx`
    CREATE TEMP TABLE IF NOT EXISTS taking (
      gone integer, came integer, gone_dir integer, dir_id integer, fname bytea, size bigint, mtime_ns bigint, inode text, type text,
      found_at timestamptz, read_at timestamptz, error_step text, error_code text, error_message text, same_kind boolean)
    ON COMMIT DELETE ROWS`;
  await tx`
    INSERT INTO taking
    SELECT gone.id, came.id, gone.dir_id, came.dir_id, came.fname, came.size, came.mtime_ns, came.inode, came.type,
      came.found_at, came.read_at, came.error_step, came.error_code, came.error_message,
      came.type = gone.type OR ${ending(tx, 'came')} = ${ending(tx, 'gone')}
    FROM (${pairsOf(tx, pairs)}) AS pair JOIN file gone ON gone.id = pair.gone JOIN file came ON came.id = pair.came
    WHERE NOT ${isKeptBeside(tx)} LIMIT ${most}`;
  await tx`DELETE FROM file USING taking WHERE file.id = came`;
  const { proof } = pairs;
  const moved = await tx<{ dirs: number[] }[]>`
    UPDATE file SET dir_id = t.dir_id, fname = t.fname, size = t.size, mtime_ns = t.mtime_ns, inode = t.inode,
      gone_after = NULL, missing_since = NULL,
      ${
        proof === 'hash'
          ? tx`type = t.type, read_at = t.read_at, error_step = t.error_step, error_code = t.error_code, error_message = t.error_message`
          : proof === 'inode'
            ? tx`type = CASE WHEN t.same_kind THEN file.type ELSE t.type END,
                 read_at = CASE WHEN t.same_kind THEN file.read_at END,
                 found_at = CASE WHEN ${hasTwin(tx)} THEN t.found_at ELSE file.found_at END`
            : tx`type = t.type, read_at = NULL`
      }
    FROM taking t WHERE file.id = t.gone RETURNING ARRAY[t.gone_dir, t.dir_id] AS dirs`;
  await filesChanged(
    tx,
    moved.flatMap((each) => each.dirs),
  );
  return moved.length;
}

/** Another row may be of the very same file: which one is shown when that is looked for and not there. */
const hasTwin = (tx: Queries) => tx`EXISTS (
  SELECT FROM file o WHERE (o.hash, o.size, o.mtime_ns, o.inode) = (file.hash, t.size, t.mtime_ns, t.inode) AND o.id <> file.id)`;

/** What a name says of a file's kind: the same says the same. */
const ending = (tx: Queries, table: 'gone' | 'came') =>
  tx`lower(substring(convert_from(${tx(table)}.fname, 'LATIN1') FROM '\\.[^.]*$'))`;

/**
 * Something changed the file and left what it was beside it, under a longer name (`a.jpg_original`, `a.jpg~`): the one with
 * the name goes on being the file.
 */
const isKeptBeside = (tx: Queries) => tx`(
  came.dir_id = gone.dir_id AND came.fname <> gone.fname AND substring(came.fname FOR length(gone.fname)) = gone.fname
  AND EXISTS (SELECT FROM file p WHERE p.dir_id = gone.dir_id AND p.fname = gone.fname AND p.gone_after IS NULL))`;

/**
 * Which gone row takes which one's place. Rows of one key are put side by side: gone ones from the one that is gone the
 * longest, others from the one that came last, so that where any two fit, the first two do.
 */
function pairsOf(tx: Queries, pairs: Pairs) {
  const key = {
    inode: tx`device, inode, size, mtime_ns`,
    hash: tx`hash`,
    place: tx`dir_id`,
  }[pairs.proof];
  const keys = pairs.sameName ? tx`${key}, fname` : key;
  return tx`
    WITH gone_row AS MATERIALIZED (${goneRows(tx, pairs)}), came_row AS MATERIALIZED (${cameRows(tx, pairs)}),
    gone_ranked AS (SELECT *, row_number() OVER (PARTITION BY ${keys} ORDER BY gone_after, id) AS rank FROM gone_row
      ${pairs.proof === 'inode' && !pairs.sameName ? tx`WHERE NOT coalesce(ambiguous, false)` : tx``}),
    came_ranked AS (SELECT *, row_number() OVER (PARTITION BY ${keys} ORDER BY found_at DESC, id) AS rank FROM came_row)
    SELECT g.id AS gone, c.id AS came FROM gone_ranked g JOIN came_ranked c USING (${keys}, rank) WHERE c.found_at > g.gone_after AND c.id > g.id`;
}

function goneRows(tx: Queries, { proof, among }: Pairs) {
  const undecided =
    'root' in among ? tx`file.missing_since IS NULL AND dir.root_id = ${among.root}` : tx`${hasBytesIn(tx, among.dir)}`;
  switch (proof) {
    case 'inode':
      // File systems without inodes of their own (FAT) make them up, so that one may have been another file's: where several
      // that are gone have the same size and time, the name has to be the same as well.
      return tx`
        SELECT file.id, fname, device, file.inode, size, file.mtime_ns, file.gone_after,
          min(encode(hash, 'hex')) OVER alike <> max(encode(hash, 'hex')) OVER alike AS ambiguous
        FROM file JOIN dir ON dir.id = dir_id WHERE file.gone_after IS NOT NULL AND hash IS NOT NULL AND device IS NOT NULL
        WINDOW alike AS (PARTITION BY device, size, file.mtime_ns)`;
    case 'hash':
      return tx`
        SELECT file.id, fname, hash, file.gone_after FROM file JOIN dir ON dir.id = dir_id
        WHERE file.gone_after IS NOT NULL AND hash IS NOT NULL AND read_at IS NOT NULL AND ${undecided}`;
    case 'place':
      return tx`
        SELECT file.id, fname, dir_id, file.gone_after FROM file JOIN dir ON dir.id = dir_id
        WHERE file.gone_after IS NOT NULL AND ${undecided}`;
  }
}

const hasBytesIn = (tx: Queries, dir: number) =>
  tx`hash IN (SELECT hash FROM file n WHERE n.dir_id = ${dir} AND n.gone_after IS NULL AND n.read_at IS NOT NULL)`;

/** Rows that a gone one may take the place of. */
function cameRows(tx: Queries, { proof, among }: Pairs) {
  const columns = tx`file.id, file.fname, file.found_at`;
  const from = tx`FROM dir JOIN root ON root.id = dir.root_id JOIN file ON file.dir_id = dir.id`;
  const present = tx`file.gone_after IS NULL AND dir.missing_since IS NULL AND root.removed_at IS NULL AND NOT ${spokenOn(tx)}`;
  switch (proof) {
    case 'inode':
      return tx`
        SELECT ${columns}, dir.device, file.inode, file.size, file.mtime_ns
        FROM dir JOIN root ON root.id = dir.root_id, LATERAL (
          -- Dir by dir: those with unread files are few, where files are many.
          SELECT * FROM file WHERE dir_id = dir.id AND read_at IS NULL OFFSET 0) AS file
        WHERE dir.num_read < dir.num_files AND ${present}`;
    case 'hash':
      return tx`
        SELECT ${columns}, file.hash ${from}
        WHERE file.hash IN (SELECT hash FROM gone_row) AND file.read_at IS NOT NULL AND ${present}
          ${'dir' in among ? tx`AND dir.id = ${among.dir}` : tx``}`;
    case 'place':
      return tx`
        SELECT ${columns}, file.dir_id ${from}
        WHERE (file.dir_id, file.fname) IN (SELECT dir_id, fname FROM gone_row) AND file.hash IS NULL AND file.read_at IS NULL AND ${present}
          -- A known file that was put here: where it was has not been looked at since.
          AND NOT EXISTS (SELECT FROM file o WHERE (o.size, o.mtime_ns) = (file.size, file.mtime_ns) AND o.id <> file.id)`;
  }
}

/** A person has said something of a face in it, or drawn it, or made it a reference image. */
const spokenOn = (tx: Queries) => tx`(file.num_faces > 0 AND EXISTS (
  SELECT FROM face WHERE face.file_id = file.id AND (by_hand OR marked IS NOT NULL
    OR EXISTS (SELECT FROM file_person_link l WHERE l.face_id = face.id AND l.state <> 'auto')
    OR EXISTS (SELECT FROM refimg WHERE refimg.face_id = face.id))))`;
