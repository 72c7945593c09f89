import type { Database } from '../../sql/database.ts';

/** How large the library is to be. */
export interface LibrarySize {
  files: number;
  dirs: number;
  faces: number;
}

/** What is in it that a test or a benchmark asks for. */
export interface GeneratedLibrary {
  /** One dir of ordinary size, one that holds a fiftieth of all files, and the one with most sub-dirs. */
  dirs: { usual: number; large: number; parent: number };
  /** In every seventh picture with a known face, as one of a family is; and in a handful. */
  persons: { frequent: number; rare: number };
  /** Words of all pictures, of those of one event, and of a camera that was used years ago only. */
  words: { frequent: string; rare: string; old: string };
}

/** Dirs before those of events: three roots, a camera's dump, and 20 years. */
const years = 20;
const firstEvent = 5 + years;

/**
 * Fills an empty library by statements alone: pictures of 20 years, a directory for each event and one large dump, a few
 * cameras and towns, parts of pictures, duplicates, files that failed or are missing, persons of whom some are in very many
 * pictures and some only in old ones, jobs' logs, and plans of moves. There are no files and no thumbnails behind it.
 * The same size gives the same library. A million files take about a minute.
 */
export async function generateLibrary(sql: Database, size: LibrarySize): Promise<GeneratedLibrary> {
  const people = Math.max(6, Math.round(size.faces / 1500));
  const numbers = { ...size, people, events: size.dirs - firstEvent + 1 };
  await sql.begin(async (tx) => {
    // Neither triggers nor foreign keys: what they would see to is generated as it should be.
    await tx`SET LOCAL session_replication_role = replica`;
    await tx`SET LOCAL maintenance_work_mem = '512MB'`;
    const indexes = await tx<{ name: string; definition: string }[]>`
      SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS definition FROM pg_index
      WHERE indrelid = ANY ('{content,file,face,file_person_link,likeness,log,move}'::regclass[])
        AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)`;
    for (const { name } of indexes) await tx.unsafe(`DROP INDEX ${name}`);
    for (const statement of statements(numbers)) await tx.unsafe(statement);
    for (const { definition } of indexes) await tx.unsafe(definition);
    for (const table of ['root', 'dir', 'file', 'face', 'person', 'refimg', 'ai_scan', 'move_plan']) {
      await tx.unsafe(`SELECT setval(pg_get_serial_sequence('${table}', 'id'), (SELECT max(id) FROM ${table}))`);
    }
  });
  // As the house's own Postgres does it sooner or later.
  await sql`VACUUM ANALYZE`;
  const { dirs, files } = numbers;
  return {
    dirs: { usual: Math.round((dirs + firstEvent) / 2), large: 4, parent: firstEvent - 1 },
    persons: { frequent: 1, rare: people },
    words: { frequent: 'img', rare: `event${Math.floor(dirs / 2)}`, old: files > 0 ? 'powershot' : '' },
  };
}

/** A number from 0 to below `most` that looks like chance and is the same each time. */
const pick = (of: string, most: number | string): string => `((hashint4(${of}) & 2147483647) % ${most})`;

function statements({ files, dirs, faces, people, events }: LibrarySize & { people: number; events: number }) {
  const eventOf = (i: string) => `(${firstEvent} + (${i} - 1)::bigint * ${events} / ${files})::int`;
  const contentOf = (i: string) => `CASE WHEN ${i} % 40 = 1 THEN ${i} - 1 ELSE ${i} END`;
  const takenAt = (i: string) => `timestamp '2005-01-01' + (${i})::float8 / ${files} * interval '7300 days'`;
  const typeOf = (i: string) =>
    `CASE WHEN ${i} % 100 IN (97, 98) THEN 'sidecar' WHEN ${i} % 100 = 99 THEN 'other' WHEN ${i} % 100 IN (93, 94, 95) THEN 'video' ELSE 'image' END`;
  // The earlier third of the years has a camera of its own.
  const cameraOf = (i: string) =>
    `CASE WHEN ${i} < ${files} / 3 AND ${i} % 2 = 0 THEN 'Canon PowerShot' ELSE 'Camera ' || ${pick(`${i} / 1000`, 40)} END`;
  const townOf = (i: string) => pick(`${i} / 500`, 300);
  const fileOfFace = (j: string) => `(5 * (${j}::bigint * 2 / 3) + 1)::int`;
  // Few are in many pictures; every third person is in old ones only, and has somebody else's in the newer ones.
  const personOf = (j: string) => `1 + floor(${people} * power(${pick(j, 1_000_000)} / 1e6, 3))::int`;
  const words = `ARRAY['img', i::text, 'event' || its.dir_id, 'year' || extract(year FROM its.taken_at), 'town' || ${townOf('i')},
    CASE WHEN ${cameraOf('i')} LIKE 'Canon%' THEN 'powershot' ELSE 'phone' END]`;
  const landmarks = `decode(repeat('07', 272), 'hex')`;
  const descriptor = `decode(repeat('0000003e', 128), 'hex')`;

  return [
    `INSERT INTO root (id, kind, path, last_scan, scanned_from) OVERRIDING SYSTEM VALUE VALUES
       (1, 'import', '/generated/dump', now(), now()), (2, 'import', '/generated/phone', now(), now()), (3, 'storage', '/generated/photos', now(), now())`,

    `INSERT INTO content (hash, thumb, thumbhash, width, height, orientation, taken_at, taken_offset, taken_source, taken_certainty,
       camera, latitude, longitude, town, town_metres, region, country, zone, format, decoder, decode_ms, duration, tags, error_code, error_message)
     SELECT sha256(int4send(i)), typed.type IN ('image', 'video') AND i % 1000 <> 13, substring(sha256(int4send(-i)) for 25),
       CASE WHEN i % 4 = 0 THEN 3000 ELSE 4000 END, CASE WHEN i % 4 = 0 THEN 4000 ELSE 3000 END, 1, ${takenAt('i')}, 60, 'DateTimeOriginal', 'certain',
       ${cameraOf('i')}, placed.latitude, placed.longitude, 'Town' || placed.town, 800, 'Region ' || placed.town % 60, chr(65 + placed.town % 20) || 'A', 'Europe/Berlin',
       CASE typed.type WHEN 'image' THEN 'JPEG' WHEN 'video' THEN 'MP4' END, 'sharp', 40, CASE typed.type WHEN 'video' THEN 12.5 END,
       jsonb_build_object('Make', 'Maker', 'Model', ${cameraOf('i')}, 'ISO', i % 3200, 'FNumber', 2.8, 'ExposureTime', '1/' || i % 4000, 'LensModel', 'Lens 24-70', 'Software', 'Version ' || i % 9,
         'CreateDate', ${takenAt('i')}, 'FileSize', '4.2 MB', 'ImageSize', '4000x3000', 'Flash', 'Off, Did not fire'),
       CASE WHEN i % 1000 = 13 THEN 'decode.failed' END, CASE WHEN i % 1000 = 13 THEN 'The picture ends too soon.' END
     FROM generate_series(0, ${files}) i
       CROSS JOIN LATERAL (SELECT ${typeOf('i')} AS type) AS typed
       LEFT JOIN LATERAL (SELECT ${townOf('i')} AS town, 36 + ${townOf('i')} / 10.0 + i % 97 / 1000.0 AS latitude, ${townOf('i')} / 7.0 - 9 + i % 89 / 1000.0 AS longitude) AS placed ON i % 5 < 3
     WHERE i % 40 <> 1`,

    `INSERT INTO person (id, name) OVERRIDING SYSTEM VALUE SELECT i, 'Person ' || i FROM generate_series(1, ${people}) i`,
    `INSERT INTO ai_scan (id, job, run, version, model, settings) OVERRIDING SYSTEM VALUE VALUES (1, 'faces/1', 'generated', '1', 'generated', '{}')`,
    `INSERT INTO face (id, file_id, ai_scan_id, x, y, w, h, size, score, sharpness, cut, landmarks, descriptor, sketch) OVERRIDING SYSTEM VALUE
     SELECT j + 1, ${fileOfFace('j')}, 1, 0.2 + j % 3 * 0.2, 0.3, 0.1, 0.1, 150, 0.9, 9, false, ${landmarks}, ${descriptor}, substring(${descriptor} for 128)
     FROM generate_series(0, ${faces - 1}) j`,
    `INSERT INTO refimg (id, person_id, hash, title, x, y, w, h, size, sharpness, found_by, descriptor) OVERRIDING SYSTEM VALUE
     SELECT i + 1, i / 5 + 1, sha256(int4send(i)), 'IMG_' || i || '.jpg', 0.2, 0.2, 0.2, 0.2, 150, 9, 'detector', ${descriptor} FROM generate_series(0, ${people * 5 - 1}) i`,
    `INSERT INTO file_person_link (face_id, person_id, state, perhaps, distance, threshold, refimg_id, ai_scan_id, file_id, taken_at, missing)
     SELECT j + 1, its.person, CASE WHEN j % 20 = 0 THEN 'confirmed' ELSE 'auto' END, j % 50 = 1, 0.3 + ${pick('j', 200)} / 1000.0, 0.5, (its.person - 1) * 5 + 1 + j % 5, 1, of.file, ${takenAt('of.file')}, of.file % 1000 = 16
     FROM generate_series(0, ${faces - 1}) j,
       LATERAL (SELECT ${personOf('j')} AS chance, ${fileOfFace('j')} AS file) AS of,
       LATERAL (SELECT CASE WHEN chance % 3 = 0 AND j > ${faces} / 2 THEN 1 + (chance + 1) % ${people} ELSE chance END AS person) AS its
     WHERE j % 10 < 7`,
    `INSERT INTO likeness (face_id, person_id, refimg_id, distance, without)
     SELECT face_id, person_id, refimg_id, distance, CASE WHEN face_id % 3 > 0 THEN distance + 0.05 END FROM file_person_link`,

    `INSERT INTO file (id, dir_id, fname, size, mtime_ns, inode, type, hash, taken_at, taken_offset, taken_source, taken_certainty, read_at,
       error_step, error_code, error_message, gone_after, missing_since, main_id, part, rating, labels, search, faces_hash, faces_scan_id, num_faces, has_unidentified_face)
     OVERRIDING SYSTEM VALUE
     SELECT i, its.dir_id, convert_to('IMG_' || lpad(i::text, 8, '0') || its.ending, 'LATIN1'), 1000000 + ${pick(contentOf('i'), 5_000_000)},
       extract(epoch FROM its.taken_at)::bigint * 1000000000, i::text, its.type, sha256(int4send(${contentOf('i')})),
       its.taken_at, 60, 'DateTimeOriginal', 'certain', now(),
       CASE WHEN i % 1000 = 13 THEN 'thumbs' END, CASE WHEN i % 1000 = 13 THEN 'decode.failed' END, CASE WHEN i % 1000 = 13 THEN 'The picture ends too soon.' END,
       CASE WHEN i % 1000 = 16 THEN now() END, CASE WHEN i % 1000 = 16 THEN now() END,
       CASE WHEN its.part IS NOT NULL THEN i - 1 END, its.part,
       CASE WHEN i % 30 = 0 THEN i / 30 % 5 + 1 END, CASE WHEN i % 40 = 0 THEN ARRAY['label ' || i / 40 % 50] ELSE '{}' END,
       array_to_tsvector(${words}),
       CASE WHEN its.type = 'image' THEN sha256(int4send(${contentOf('i')})) END, 1, coalesce(seen.faces, 0), coalesce(seen.open, false)
     FROM generate_series(1, ${files}) i
       LEFT JOIN (
         SELECT face.file_id, count(*)::int AS faces, bool_or(l.face_id IS NULL OR l.perhaps) AS open
         FROM face LEFT JOIN file_person_link l ON l.face_id = face.id GROUP BY face.file_id) AS seen ON seen.file_id = i,
       LATERAL (SELECT ${typeOf('i')} AS type, ${takenAt('i')} AS taken_at, CASE WHEN i % 50 = 0 THEN 4 ELSE ${eventOf('i')} END AS dir_id,
         CASE WHEN i % 20 = 7 THEN 'raw' WHEN ${typeOf('i')} = 'sidecar' THEN 'sidecar' END AS part,
         CASE ${typeOf('i')} WHEN 'image' THEN CASE WHEN i % 20 = 7 THEN '.CR2' ELSE '.jpg' END WHEN 'video' THEN '.mp4' WHEN 'sidecar' THEN '.xmp' ELSE '.txt' END AS ending) AS its`,

    `INSERT INTO dir (id, root_id, parent_id, path_prefix, num_files, num_read, num_failed, num_pictures, num_searched, mtime_ns, last_scan, device, inode) OVERRIDING SYSTEM VALUE
     SELECT d, its.root, its.parent, convert_to(its.prefix, 'LATIN1'), coalesce(files, 0), coalesce(files, 0), coalesce(failed, 0), coalesce(pictures, 0), coalesce(pictures, 0), 1700000000000000000, now(), '66306', (9000000 + d)::text
     FROM generate_series(1, ${dirs}) d
       LEFT JOIN (
         SELECT dir_id, count(*) AS files, count(error_code) AS failed, count(*) FILTER (WHERE type = 'image') AS pictures
         FROM file WHERE missing_since IS NULL GROUP BY dir_id) AS counted ON counted.dir_id = d,
       LATERAL (SELECT 5 + (d - ${firstEvent})::bigint * ${years} / ${events} AS year) AS of,
       LATERAL (SELECT
         CASE WHEN d <= 3 THEN d WHEN d = 4 THEN 1 ELSE 3 END AS root,
         CASE WHEN d <= 3 THEN NULL WHEN d = 4 THEN 1 WHEN d < ${firstEvent} THEN 3 ELSE of.year END AS parent,
         CASE WHEN d <= 3 THEN '' WHEN d = 4 THEN 'DCIM' WHEN d < ${firstEvent} THEN (2000 + d)::text ELSE (2000 + of.year) || '/' || (2000 + of.year) || '-06-14 event ' || d END AS prefix) AS its`,

    `INSERT INTO log (at, job, root_id, dir_id, level, text, files)
     SELECT now() - interval '1 day' + i * interval '0.3 seconds', 'dir/' || d, 3, d, CASE WHEN i % 50 = 0 THEN 'warn' ELSE 'info' END, 'Some files were read.', 10
     FROM generate_series(1, ${Math.round(files / 5)}) i, LATERAL (SELECT 1 + i % ${dirs} AS d) AS its`,
    `INSERT INTO move_plan (id, root_id, wanted, sorting, state, approved_at, ended_at) OVERRIDING SYSTEM VALUE
     SELECT p, 3, '{"root": 3}', '{"pattern": "{year}/{month}/{name}", "rules": []}', 'done', now(), now() FROM generate_series(1, 20) p`,
    `INSERT INTO move (plan_id, unit, file_id, from_root_id, from_prefix, from_name, to_prefix, to_name, place_key, size, mtime_ns, inode, state)
     SELECT 1 + i * 20 / ${Math.round(files / 10) + 1}, i, i, 1, 'DCIM', convert_to('IMG_' || i || '.jpg', 'LATIN1'), convert_to('2020/' || i % 400, 'LATIN1'), convert_to('IMG_' || i || '.jpg', 'LATIN1'),
       '2020/' || i % 400 || '/img_' || i, 1000, 1, '1', 'moved'
     FROM generate_series(1, ${Math.round(files / 10)}) i`,
  ];
}
