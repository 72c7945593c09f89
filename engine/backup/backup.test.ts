import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';
import { CodedError, type ErrorCode } from '../../model/errors.ts';
import { atOneMoment, copyOut, tablesToDump } from '../../sql/backup.ts';
import { openDatabase, type Database } from '../../sql/database.ts';
import { quickDatabase } from '../../tests/support/database.ts';
import { temporaryDir } from '../../tests/support/house.ts';
import { backUp } from './back-up.ts';
import { checkBackup } from './check-backup.ts';
import { loadBackup } from './load-backup.ts';
import { readArchive } from './read-archive.ts';

const room = 1e12;
const hash = (text: string) => createHash('sha256').update(text).digest('hex');
const photo = hash('a photo');
const uploaded = hash('an uploaded picture');

let library: Awaited<ReturnType<typeof quickDatabase>>;
before(async () => {
  library = await quickDatabase();
  const { sql } = library;
  await sql`INSERT INTO root (kind, path) VALUES ('import', ${'/a\\b\n"c" \t'})`;
  await sql`INSERT INTO dir (root_id, parent_id, path_prefix) VALUES (1, NULL, ''), (1, 1, ${Buffer.from([255, 10, 92, 0])})`;
  await sql`INSERT INTO content (hash, thumb, tags) VALUES (${Buffer.from(photo, 'hex')}, true, '{"a": "\\n\\t\\\\N"}')`;
  // More than fits into what is on its way: whoever writes is slower than the server.
  await sql`
    INSERT INTO content (hash, thumb, tags)
    SELECT sha256(convert_to(n::text, 'LATIN1')), false, jsonb_build_object('a', repeat(md5(n::text), 100)) FROM generate_series(1, 3000) n`;
  await sql`
    INSERT INTO file (dir_id, fname, size, mtime_ns, inode, type, hash)
    SELECT 2, convert_to('IMG ' || n, 'LATIN1'), n, n, n::text, 'image', ${Buffer.from(photo, 'hex')} FROM generate_series(1, 12000) n`;
  await sql`UPDATE file SET main_id = 1 WHERE id = 2`;
  await sql`
    INSERT INTO face (file_id, x, y, w, h, size, score, sharpness, cut, landmarks, descriptor, sketch)
    SELECT 1, 0.1, 0.2, 0.3, 1e-7, 40, 0.9, 1, false, ${Buffer.alloc(272)}, ${Buffer.alloc(512, 7)}, ${Buffer.alloc(128)} FROM generate_series(1, 9)`;
  await sql`DELETE FROM face WHERE id > 5`;
  await sql`INSERT INTO person (name) VALUES ('Éva ☂'), ('\\.')`;
  await sql`INSERT INTO file_person_link (face_id, person_id, state) VALUES (1, 1, 'confirmed'), (1, 2, 'rejected')`;
  await sql`
    INSERT INTO refimg (person_id, hash, title, x, y, w, h, size, sharpness, found_by, descriptor)
    VALUES (1, ${Buffer.from(uploaded, 'hex')}, '', 0, 0, 1, 1, 40, 1, 'by hand', ${Buffer.alloc(512)})`;
  await sql`
    INSERT INTO worker (name, host, pid, queues, version, io_class, niceness, memory, started_at)
    VALUES ('io', 'here', 1, '{io}', '1', 'idle', 19, 1, now())`;
});
after(() => library.stop());

/** All rows of all tables as text, without those that are not backed up. */
async function contentsOf(sql: Database): Promise<Record<string, string>> {
  const contents: Record<string, string> = {};
  for (const { name } of await tablesToDump(sql)) {
    const rows = await sql<{ row: string }[]>`SELECT t::text AS row FROM ${sql(name)} t ORDER BY 1`;
    contents[name] = rows.map(({ row }) => row).join('\n');
  }
  return contents;
}

const thumbOf = (of: string, size: number) => `${of.slice(0, 2)}/${of.slice(2, 4)}/${of}-${size}.webp`;

function place(t: TestContext) {
  const dir = temporaryDir(t);
  const thumbsDir = path.join(dir, 'thumbs');
  for (const of of [photo, uploaded]) {
    for (const size of [320, 1440]) {
      mkdirSync(path.dirname(path.join(thumbsDir, thumbOf(of, size))), { recursive: true });
      writeFileSync(path.join(thumbsDir, thumbOf(of, size)), `${of} ${size}`);
    }
  }
  writeFileSync(path.join(thumbsDir, thumbOf(photo, 320)) + '.new', 'half');
  mkdirSync(path.join(thumbsDir, 'large'));
  writeFileSync(path.join(thumbsDir, 'large', '1.jpg'), 'for a while');
  return { dir, thumbsDir, file: path.join(dir, 'backup') };
}

const backUpLibrary = ({ thumbsDir, file }: { thumbsDir: string; file: string }, thumbs = false) =>
  backUp({ sql: library.sql, thumbsDir, version: '1.2.3' }, file, thumbs);

let databases = 0;
/** A database of no tables on the same server. */
async function emptyDatabase(t: TestContext): Promise<{ databaseUrl: string; sql: Database }> {
  const name = `empty_${++databases}`;
  await library.sql.unsafe(`CREATE DATABASE ${name}`);
  const url = new URL(library.url);
  url.pathname = name;
  const sql = openDatabase(url.href, { max: 1 });
  t.after(() => sql.end());
  return { databaseUrl: url.href, sql };
}

const coded = (code: ErrorCode) => (error: unknown) => error instanceof CodedError && error.code === code;

for (const thumbs of [true, false]) {
  test(`what is backed up ${thumbs ? 'with' : 'without'} thumbnails is restored`, async (t) => {
    const { dir, thumbsDir, file } = place(t);
    const manifest = await backUpLibrary({ thumbsDir, file }, thumbs);
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(manifest.tables.find(({ name }) => name === 'file')?.rows, 12000);
    assert.deepEqual(readdirSync(dir).toSorted(), ['backup', 'thumbs'], 'no draft is left');

    const into = path.join(dir, 'into');
    const { databaseUrl, sql } = await emptyDatabase(t);
    assert.deepEqual(await checkBackup(file, room), manifest);
    await loadBackup(file, manifest, { databaseUrl, thumbsDir: into });
    assert.equal(
      (await sql`SELECT FROM content WHERE thumb`).length,
      thumbs ? 1 : 0,
      'there are none until they are made again',
    );
    await sql`UPDATE content SET thumb = true WHERE hash = ${Buffer.from(photo, 'hex')}`;
    assert.deepEqual(await contentsOf(sql), await contentsOf(library.sql));
    assert.equal((await sql`SELECT FROM worker`).length, 0, 'who works is no news of yesterday');
    const kept = (thumbs ? [photo, uploaded] : [uploaded]).flatMap((of) =>
      [320, 1440].map((size) => thumbOf(of, size)),
    );
    const found = readdirSync(into, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.webp'));
    assert.deepEqual(found.toSorted(), kept.toSorted());
    for (const name of kept)
      assert.deepEqual(readFileSync(path.join(into, name)), readFileSync(path.join(thumbsDir, name)));
    // A number that was given out is never given to somebody else.
    const [face] = await sql<{ id: number }[]>`
      INSERT INTO face (file_id, x, y, w, h, size, score, sharpness, cut, landmarks, descriptor, sketch)
      SELECT file_id, x, y, w, h, size, score, sharpness, cut, landmarks, descriptor, sketch FROM face LIMIT 1 RETURNING id`;
    assert.equal(face?.id, 10);
    const [counted] = await sql`SELECT num_faces FROM file WHERE id = 1`;
    assert.deepEqual(counted, { num_faces: 6 }, 'triggers count again');
  });
}

test('a backup goes into an empty database only', async (t) => {
  const { dir, thumbsDir, file } = place(t);
  const manifest = await backUpLibrary({ thumbsDir, file });
  const before = await contentsOf(library.sql);
  const load = loadBackup(file, manifest, { databaseUrl: library.url, thumbsDir: path.join(dir, 'into') });
  await assert.rejects(load, coded('backup.not-empty'));
  assert.deepEqual(await contentsOf(library.sql), before);
});

/** Somebody who is in a new file, as one transaction: four tables, of which each needs another. */
const addSomebody = (sql: Database, n: number) =>
  sql.begin(async (tx) => {
    const [person] = await tx<{ id: number }[]>`INSERT INTO person (name) VALUES (${`Somebody ${n}`}) RETURNING id`;
    const [file] = await tx<{ id: number }[]>`
      INSERT INTO file (dir_id, fname, size, mtime_ns, inode, type)
      VALUES (1, convert_to(${`somebody ${n}`}, 'UTF8'), 1, 1, '1', 'image') RETURNING id`;
    const [face] = await tx<{ id: number }[]>`
      INSERT INTO face (file_id, x, y, w, h, size, score, sharpness, cut, landmarks, descriptor, sketch)
      SELECT ${file?.id ?? 0}, x, y, w, h, size, score, sharpness, cut, landmarks, descriptor, sketch FROM face WHERE id = 1
      RETURNING id`;
    await tx`INSERT INTO file_person_link (face_id, person_id, state) VALUES (${face?.id ?? 0}, ${person?.id ?? 0}, 'auto')`;
  });

test('what is written meanwhile is in it as a whole or not at all', async (t) => {
  const { dir, thumbsDir, file } = place(t);
  const manifest = await backUpLibrary({ thumbsDir, file });
  const [busy, restored] = [await emptyDatabase(t), await emptyDatabase(t)];
  await loadBackup(file, manifest, { databaseUrl: busy.databaseUrl, thumbsDir: path.join(dir, 'busy') });

  const reader = openDatabase(busy.databaseUrl, { max: 2 });
  t.after(() => reader.end());
  const backup = backUp({ sql: reader, thumbsDir, version: '1' }, path.join(dir, 'meanwhile'), false);
  let [written, isDone] = [0, false];
  void backup.finally(() => (isDone = true)).catch(() => undefined);
  while (!isDone) await addSomebody(busy.sql, ++written);
  const into = { databaseUrl: restored.databaseUrl, thumbsDir: path.join(dir, 'restored') };
  await loadBackup(path.join(dir, 'meanwhile'), await backup, into);
  const [counts] = await restored.sql<{ people: number; files: number; faces: number; links: number }[]>`
    SELECT (SELECT count(*)::int FROM person WHERE name LIKE 'Somebody %') AS people,
           (SELECT count(*)::int FROM file WHERE fname LIKE 'somebody %'::bytea) AS files,
           (SELECT count(*)::int - 5 FROM face) AS faces, (SELECT count(*)::int FROM file_person_link WHERE state = 'auto') AS links`;
  const people = counts?.people ?? -1;
  assert.deepEqual({ ...counts }, { people, files: people, faces: people, links: people });
  assert.ok(people < written, `${written} were written meanwhile`);
});

test('a table of any size is followed by the next one, however slowly it is taken', async (t) => {
  const { sql } = await emptyDatabase(t);
  await sql`CREATE TABLE lines (line text)`;
  const table = { name: 'lines', columns: ['line'] };
  // The server may be told to wait just when the last rows are on their way.
  for (let kilobytes = 8; kilobytes <= 320; kilobytes += 8) {
    await sql`INSERT INTO lines SELECT repeat('x', 1023) FROM generate_series(1, 8)`;
    const taken = await atOneMoment(sql, async (tx) => {
      let bytes = 0;
      for await (const chunk of copyOut(tx, table)) {
        bytes += chunk.length;
        await sleep(10);
      }
      return bytes;
    });
    assert.equal(taken, kilobytes * 1024);
    const ended = atOneMoment(sql, async (tx) => {
      for await (const chunk of copyOut(tx, table)) throw new Error(`after ${chunk.length > 0}`);
    });
    await assert.rejects(ended, /after true/);
  }
});

test('what is cut off or changed anywhere is refused', async (t) => {
  const { thumbsDir, file } = place(t);
  await backUpLibrary({ thumbsDir, file }, true);
  const whole = readFileSync(file);
  const plain = gunzipSync(whole);
  const refused = async (what: string, bytes: Buffer) => {
    writeFileSync(file, bytes);
    await assert.rejects(checkBackup(file, room), coded('backup.invalid'), what);
  };
  for (const share of [0, 0.1, 0.5, 0.9, 0.999]) {
    await refused(`the first ${share}`, whole.subarray(0, whole.length * share));
    await refused(`the first ${share} of what is in it`, gzipSync(plain.subarray(0, plain.length * share)));
  }
  for (const share of [0.2, 0.5, 0.8]) {
    const changed = Buffer.from(plain);
    const at = plain.indexOf('IMG', Math.floor(plain.length * share * 0.5));
    changed[at === -1 ? 600 : at] = 0x4a;
    await refused(`changed after ${share}`, gzipSync(changed));
  }
  await refused('no archive', Buffer.from('hello'));
  await refused('a text, compressed', gzipSync('hello'));
  writeFileSync(file, whole);
  await checkBackup(file, room);
  await assert.rejects(checkBackup(file, 1000), coded('backup.invalid'), 'more comes out of it than there is room');
  await assert.rejects(checkBackup(`${file}.gone`, room), coded('backup.not-read'));
  await assert.rejects(checkBackup(path.dirname(file), room), coded('backup.not-read'));
});

type Entry = [{ name: string; type?: Header['type']; linkname?: string }, Buffer];

/** An archive with these entries before those of a whole backup, or in their place. */
async function forge(of: string, into: string, change: (entries: Entry[]) => Entry[]): Promise<void> {
  const entries: Entry[] = [];
  for await (const { name, content } of readArchive(of, room)) entries.push([{ name }, content]);
  const tar = pack();
  for (const [header, content] of change(entries)) {
    if (header.type === undefined || header.type === 'file') tar.entry(header, content);
    else tar.entry(header);
  }
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  writeFileSync(into, gzipSync(Buffer.concat(chunks)));
}

test('an archive that was made to do harm is refused', async (t) => {
  const { dir, thumbsDir, file } = place(t);
  const manifest = await backUpLibrary({ thumbsDir, file });
  const forged = path.join(dir, 'forged');
  const names = [
    '../evil',
    '/etc/evil',
    'thumbs/../../evil',
    'thumbs/aa/bb/../../../evil-320.webp',
    'tables/../evil/000001',
  ];
  names.push('tables/pg_authid; DROP TABLE file/000001', `thumbs/00/11/${photo}-320.webp`, 'thumbs/large/1.jpg', '.');
  for (const name of names) {
    await forge(file, forged, (entries) => [[{ name }, Buffer.from('x')], ...entries]);
    await assert.rejects(checkBackup(forged, room), coded('backup.invalid'), name);
  }
  for (const type of ['symlink', 'link', 'directory', 'fifo', 'character-device'] as const) {
    const header = { name: `thumbs/${thumbOf(photo, 320)}`, type, linkname: '/etc/passwd' };
    await forge(file, forged, (entries) => [[header, Buffer.alloc(0)], ...entries]);
    await assert.rejects(checkBackup(forged, room), coded('backup.invalid'), type);
  }
  const large = Buffer.alloc(33 * 1024 * 1024);
  await forge(file, forged, (entries) => [[{ name: `thumbs/${thumbOf(photo, 320)}` }, large], ...entries]);
  await assert.rejects(checkBackup(forged, room), coded('backup.invalid'), 'a huge picture');
  await forge(file, forged, (entries) => [...entries, [{ name: 'tables/file/000009' }, Buffer.from('x')]]);
  await assert.rejects(checkBackup(forged, room), coded('backup.invalid'), 'rows behind the end');

  /** With sums that are right, of a manifest that lies. */
  const lie = async (changed: object) => {
    const entry = Buffer.from(JSON.stringify({ ...manifest, ...changed }));
    await forge(file, forged, (entries) => [...entries.slice(0, -1), [{ name: 'manifest.json' }, entry]]);
  };
  for (const changed of [
    { format: 2 },
    { tables: [{}] },
    { migrations: ['../0001-x'] },
    { sequences: [{ table: 'a"b' }] },
  ]) {
    await lie(changed);
    await assert.rejects(checkBackup(forged, room), coded('backup.invalid'), JSON.stringify(changed));
  }
  await lie({ migrations: [...manifest.migrations, '9999-from-the-future'] });
  await assert.rejects(checkBackup(forged, room), coded('backup.newer'));
});

test('rows that do not fit are refused as a whole, and a better backup goes into the same place', async (t) => {
  const { dir, thumbsDir, file } = place(t);
  const manifest = await backUpLibrary({ thumbsDir, file }, true);
  const { databaseUrl, sql } = await emptyDatabase(t);
  const forged = path.join(dir, 'forged');
  const into = { databaseUrl, thumbsDir: path.join(dir, 'into') };
  const rowsOf = (name: string, rows: string) =>
    forge(file, forged, (entries) =>
      entries.map(([header, content]) => [
        header,
        header.name === `tables/${name}/000001` ? Buffer.from(rows) : content,
      ]),
    );
  for (const [table, rows] of [
    ['person', 'no number\tx\n'],
    ['dir', '1\t77\n'],
    ['face', ''],
  ] as const) {
    await rowsOf(table, rows);
    await assert.rejects(loadBackup(forged, manifest, into), coded('backup.invalid'), table);
    assert.equal((await sql`SELECT FROM root`).length, 0, 'nothing of it is there');
  }
  await assert.rejects(
    loadBackup(file, { ...manifest, tables: [{ ...manifest.tables[0]!, columns: ['id'] }] }, into),
    coded('backup.invalid'),
  );
  await loadBackup(file, manifest, { ...into, thumbsDir: path.join(dir, 'again') });
  assert.deepEqual(await contentsOf(sql), await contentsOf(library.sql));
});

test('a backup that can not be written leaves the one before, and nothing else', async (t) => {
  const { dir, thumbsDir, file } = place(t);
  writeFileSync(file, 'the one before');
  await assert.rejects(
    backUp({ sql: library.sql, thumbsDir: path.join(dir, 'backup'), version: '1' }, file, true),
    coded('backup.not-written'),
  );
  assert.deepEqual(readdirSync(dir).toSorted(), ['backup', 'thumbs']);
  assert.equal(readFileSync(file, 'utf8'), 'the one before');
  await assert.rejects(
    backUpLibrary({ thumbsDir, file: path.join(dir, 'no', 'such', 'dir') }),
    coded('backup.not-written'),
  );
  // The connection is of use again.
  assert.equal((await library.sql`SELECT 1 AS one`)[0]?.one, 1);
});
