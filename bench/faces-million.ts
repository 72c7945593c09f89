import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { descriptorLength, toBytes } from '../faces/descriptor.ts';
import { sketchOf } from '../faces/sketch.ts';
import type { Database } from '../sql/database.ts';
import { randomFrom } from './faces-pictures.ts';

export const people = 200;
export const refimgsEach = 20;
const dirs = 10_000;
/** Three faces in two files. */
const facesOfTwoFiles = 3;

/**
 * Fills an empty library with faces of 200 people and of strangers, one in seven: as far from each other as real ones are
 * (two of one person about 0.4, of two people about 0.8). The descriptors are written to `matrix`, too, as float32.
 */
export async function generateFaces(sql: Database, faces: number, matrix: string): Promise<void> {
  const random = randomFrom(7);
  /** Nearly normal, of the standard deviation 1. */
  const normal = () => (random() + random() + random() + random() - 2) * Math.sqrt(3);
  const around = (middle: Float32Array, far: number): Float32Array =>
    middle.map((value) => value + (normal() * far) / Math.sqrt(descriptorLength));
  const human = around(new Float32Array(descriptorLength), 1.3);
  const middles = Array.from({ length: people }, () => around(human, 0.57));
  const likeness = (of: number) => around(middles[of] ?? around(human, 0.57), 0.27);

  const files = Math.ceil((faces * 2) / facesOfTwoFiles);
  await sql`INSERT INTO dir (root_id, path_prefix, num_files, num_pictures, num_searched)
    SELECT 1, convert_to('d' || i, 'LATIN1'), 1, 1, 1 FROM generate_series(1, ${dirs}) i`;
  await sql`INSERT INTO file (dir_id, fname, size, mtime_ns, inode, type, read_at)
    SELECT 1 + (SELECT min(id) FROM dir WHERE path_prefix <> '') - 1 + i * ${dirs}::bigint / ${files}, convert_to('f' || i, 'LATIN1'), 1, 1, '1', 'image', now()
    FROM generate_series(0, ${files - 1}) i`;
  await sql`INSERT INTO person (name) SELECT 'person ' || i FROM generate_series(1, ${people}) i`;
  await copy(
    sql,
    'refimg (person_id, hash, title, x, y, w, h, size, sharpness, found_by, descriptor)',
    Array.from({ length: people * refimgsEach }, (_, i) => {
      const person = Math.floor(i / refimgsEach);
      return `${person + 1}\t\\\\x${i.toString(16).padStart(8, '0')}\tr\t0\t0\t1\t1\t150\t9\tdetector\t${hex(toBytes(likeness(person)))}\n`;
    }),
  );
  const out = createWriteStream(matrix);
  await sql`ALTER TABLE face DISABLE TRIGGER USER`;
  const landmarks = hex(Buffer.alloc(272, 7));
  await copy(
    sql,
    'face (file_id, x, y, w, h, size, score, sharpness, cut, landmarks, descriptor, sketch)',
    (function* () {
      for (let i = 0; i < faces; i++) {
        const descriptor = likeness(i % 7 === 0 ? -1 : Math.floor(random() * people));
        out.write(toBytes(descriptor));
        const file = 1 + Math.floor((i * 2) / facesOfTwoFiles);
        const sketch = hex(Buffer.from(sketchOf(descriptor).buffer));
        yield `${file}\t0.1\t0.1\t0.1\t0.1\t150\t0.9\t9\tf\t${landmarks}\t${hex(toBytes(descriptor))}\t${sketch}\n`;
      }
    })(),
  );
  await new Promise((done) => out.end(done));
  await sql`ALTER TABLE face ENABLE TRIGGER USER`;
  await sql`
    UPDATE file SET num_faces = its.n, has_unidentified_face = true
    FROM (SELECT file_id, count(*) AS n FROM face GROUP BY file_id) AS its WHERE file.id = its.file_id`;
  // As the house's own Postgres does it sooner or later.
  await sql`VACUUM ANALYZE`;
}

const hex = (bytes: Buffer): string => `\\\\x${bytes.toString('hex')}`;

async function copy(sql: Database, columns: string, rows: Iterable<string>): Promise<void> {
  const into = await sql.unsafe(`COPY ${columns} FROM STDIN`).writable();
  await pipeline(Readable.from(inChunks(rows)), into);
}

function* inChunks(rows: Iterable<string>): Generator<string> {
  let chunk: string[] = [];
  for (const row of rows) {
    chunk.push(row);
    if (chunk.length < 500) continue;
    yield chunk.join('');
    chunk = [];
  }
  yield chunk.join('');
}
