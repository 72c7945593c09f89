import { randomUUID } from 'node:crypto';
import { carryOver } from '../../faces/carry-over.ts';
import { descriptorLength, fromBytes, toBytes } from '../../faces/descriptor.ts';
import { nameFaces, type NameSettings } from '../../faces/match.ts';
import { nearestOf, referencesOf } from '../../faces/nearest.ts';
import { sketchOf } from '../../faces/sketch.ts';
import { beginAiScan } from '../../sql/ai-scans.ts';
import type { Database } from '../../sql/database.ts';
import { storeSearchedFiles, type EarlierFace, type FaceChanges, type NewFace } from '../../sql/face-search.ts';
import { descriptorsOf } from '../../sql/face-pages.ts';
import { nameFiles } from '../../sql/names.ts';
import { addPerson, personThresholds } from '../../sql/people.ts';
import { activeRefimgs, addFaceAsRefimg } from '../../sql/refimgs.ts';

/** A face: where it is, and what it looks like; as far as their looks differ, so far are two faces from each other. */
export interface DrawnFace {
  place: number;
  looks: number;
}

/** Links of faces to persons, as they are stored. */
export interface Link {
  face: number;
  person: number;
  state: 'auto' | 'confirmed' | 'rejected';
  perhaps: boolean;
  /** The whole row with the transaction that wrote it last. */
  row: string;
}

/** A library of some pictures, without the pictures: faces are stored and named as the steps of a job do it. */
export interface FaceLibrary {
  sql: Database;
  files: number[];
  /** What a scan of the picture finds; `otherBytes`: the file was replaced by another picture before. */
  search(file: number, faces: readonly DrawnFace[], otherBytes?: boolean): Promise<void>;
  /** Names all faces of some files anew. */
  name(files: readonly number[], settings: NameSettings): ReturnType<typeof nameFiles>;
  faces(): Promise<{ id: number; file: number; marked: boolean }[]>;
  links(): Promise<Link[]>;
  /** The files whose stored word on unidentified faces, or number of faces, is not true to faces and links. */
  untrue(): Promise<number[]>;
}

/** Empties the database and puts a number of files without faces into it. */
export async function emptyLibrary(sql: Database, files: number): Promise<FaceLibrary> {
  await sql`TRUNCATE root, dir, content, file, ai_scan, face, person, refimg, likeness, file_person_link, log, face_grouping RESTART IDENTITY CASCADE`;
  await sql.unsafe(`
    INSERT INTO root (kind, path) VALUES ('import', '/nowhere');
    INSERT INTO dir (root_id, path_prefix) VALUES (1, '');
    INSERT INTO content (hash, thumb) SELECT sha256(convert_to(i::text, 'LATIN1')), true FROM generate_series(1, ${files}) i;
    INSERT INTO file (dir_id, fname, size, mtime_ns, inode, type, hash, read_at)
      SELECT 1, convert_to('f' || i, 'LATIN1'), 1, 1, '1', 'image', sha256(convert_to(i::text, 'LATIN1')), now() FROM generate_series(1, ${files}) i;`);
  return openLibrary(sql, files);
}

/** The library that is there already, on other connections. */
export function openLibrary(sql: Database, files: number): FaceLibrary {
  let bytes = 0;
  const library: FaceLibrary = {
    sql,
    files: Array.from({ length: files }, (_, i) => i + 1),
    async search(file, faces, otherBytes = false) {
      if (otherBytes) {
        await sql`
          WITH other AS (INSERT INTO content (hash, thumb) VALUES (sha256(${`other ${++bytes}`}::text::bytea), true) RETURNING hash)
          UPDATE file SET hash = other.hash FROM other WHERE id = ${file}`;
      }
      const rows = await sql<{ hash: Buffer }[]>`SELECT hash FROM file WHERE id = ${file}`;
      const scan = await newScan(sql);
      const files = rows.map(({ hash }) => ({
        id: file,
        hash,
        faces: faces.map(drawn),
        error: null,
        wantsLarger: false,
      }));
      await storeSearchedFiles(
        sql,
        { job: 'dir/1', root: 1, dir: 1, scan, rescan: { before: scan - 1 }, files },
        changesOf,
      );
    },
    async name(wanted, settings) {
      const own = await personThresholds(sql);
      const thresholds = new Map([...own].flatMap(([id, its]) => (its === null ? [] : [[id, its] as const])));
      const refimgs = await activeRefimgs(sql, null);
      const references = referencesOf(refimgs.map((each) => ({ ...each, descriptor: fromBytes(each.descriptor) })));
      const reach = Math.max(settings.threshold, ...thresholds.values()) + Math.max(settings.perhaps, settings.margin);
      return await nameFiles(sql, {
        files: wanted,
        persons: [...own.keys()],
        scan: await newScan(sql),
        liken: async (queries, faces) =>
          [...(await descriptorsOf(queries, faces))].flatMap(([face, descriptor]) =>
            nearestOf(descriptor, references, reach).map((near) => ({ face, ...near })),
          ),
        name: (file, likenesses) => nameFaces(file.faces, likenesses, file.said, settings, thresholds),
      });
    },
    faces: async () => await sql`SELECT id, file_id AS file, marked IS NOT NULL AS marked FROM face ORDER BY id`,
    links: async () =>
      await sql`
        SELECT face_id AS face, person_id AS person, state, perhaps, l::text || ' ' || l.xmin::text AS row
        FROM file_person_link l ORDER BY face_id, person_id`,
    async untrue() {
      const told = await sql<{ id: number; open: boolean; count: number }[]>`
        SELECT id, has_unidentified_face AS open, num_faces::int AS count FROM file ORDER BY id`;
      const [faces, links] = [await library.faces(), await library.links()];
      const named = new Set(links.filter((l) => l.state !== 'rejected' && !l.perhaps).map((l) => l.face));
      const facesOf = Map.groupBy(faces, (face) => face.file);
      return told
        .filter(({ id, open, count }) => {
          const its = facesOf.get(id) ?? [];
          return count !== its.length || open !== its.some((face) => !face.marked && !named.has(face.id));
        })
        .map(({ id }) => id);
    },
  };
  return library;
}

/** Two persons who look different, each with a face in the first picture as reference image. */
export async function twoPeople(library: FaceLibrary): Promise<void> {
  await library.search(1, [
    { place: 1, looks: 0 },
    { place: 3, looks: 1 },
  ]);
  for (const [i, name] of ['Marie', 'Pierre'].entries()) {
    await addFaceAsRefimg(library.sql, await addPerson(library.sql, name), i + 1);
  }
}

const newScan = async (sql: Database) =>
  await beginAiScan(sql, { job: 'dir/1', run: randomUUID(), version: '1', model: 'none', settings: {} });

function drawn({ place, looks }: DrawnFace): NewFace {
  const descriptor = new Float32Array(descriptorLength);
  descriptor[0] = looks;
  return {
    ...{ x: place / 10, y: 0.5, w: 0.08, h: 0.08, size: 100, score: 0.9, sharpness: 9, cut: false },
    landmarks: Buffer.alloc(68 * 4),
    descriptor: toBytes(descriptor),
    sketch: Buffer.from(sketchOf(descriptor).buffer),
  };
}

function changesOf(earlier: readonly EarlierFace[], found: readonly NewFace[]): FaceChanges {
  const seen = <F extends { descriptor: Buffer }>(face: F) => ({ ...face, descriptor: fromBytes(face.descriptor) });
  const { same, gone } = carryOver(earlier.map(seen), found.map(seen));
  return {
    update: found.flatMap((face, i) => (same[i] == null ? [] : [{ id: same[i], face }])),
    insert: found.filter((_, i) => same[i] === null),
    remove: gone,
  };
}
