import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openDatabase, type Database } from '../sql/database.ts';
import { contentKnown, unreadFiles } from '../sql/content.ts';
import { dirsWithWork } from '../sql/dirs.ts';
import { listFiles } from '../sql/file-lists.ts';
import { filesOf, neighbours } from '../sql/files.ts';
import { readLog } from '../sql/log.ts';
import { mapOf } from '../sql/map.ts';
import { knownDirs, newDirs } from '../sql/scan.ts';
import { startHouse } from './support/house.ts';
import { readWhole } from './support/read-whole.ts';

/** A country of a map of the world. */
const part = { west: 10, south: 10, east: 12, north: 12 };

// Each question that is asked again and again must be answered from an index, however large the library.
test('queries on a library of 200,000 files go by index', async (t) => {
  const house = await startHouse(t);
  await house.until('configuration needed');
  const sql = openDatabase(house.house().databaseUrl, { max: 1 });
  t.after(() => sql.end());
  await sql.unsafe(`
    INSERT INTO root (kind, path) VALUES ('import', '/nowhere');
    INSERT INTO dir (root_id, path_prefix, num_files, num_read, last_scan, mtime_ns)
      SELECT 1, convert_to('d' || i, 'LATIN1'), 100, CASE WHEN i % 100 = 0 THEN 50 ELSE 100 END, now(), 1 FROM generate_series(1, 2000) i;
    INSERT INTO content (hash, thumb, latitude, longitude)
      SELECT sha256(convert_to(i::text, 'LATIN1')), true, i % 170 - 85, i % 359 - 179 FROM generate_series(1, 200000) i;
    INSERT INTO file (dir_id, fname, size, mtime_ns, inode, type, hash, taken_at, read_at)
      SELECT 1 + i % 2000, convert_to('f' || i, 'LATIN1'), 1, 1, '1', 'image', sha256(convert_to(i::text, 'LATIN1')),
             '2020-01-01'::timestamp + make_interval(mins => i), now() FROM generate_series(1, 200000) i;
    INSERT INTO log (job, level, text, files) SELECT 'dir/' || i % 2000, 'info', 'x', 1 FROM generate_series(1, 100000) i;
    ANALYZE;`);

  const seen: string[] = [];
  const plans = async (name: string, ask: (sql: Database) => Promise<unknown>) => {
    const whole = await readWhole(house.house().databaseUrl, ask);
    seen.push(...whole.map((table) => `${name} read all of ${table}`));
  };
  await plans('the timeline', (q) => listFiles(q, { limit: 100 }));
  await plans('a dir by name', (q) => listFiles(q, { dir: 7, order: 'name', limit: 100 }));
  await plans('the neighbours', (q) => neighbours(q, 5000));
  await plans('a part of the map', (q) => mapOf(q, part, { width: 0.1, height: 0.1 }));
  await plans('a part across the date line', (q) =>
    mapOf(q, { ...part, west: 179, east: -179 }, { width: 0.1, height: 0.1 }),
  );
  await plans('the copies of a file', (q) => filesOf(q, ['00'.repeat(32)], 50));
  await plans('unread files', (q) => unreadFiles(q, 7, '', 500));
  await plans('known content', (q) => contentKnown(q, Buffer.alloc(32), 'image'));
  await plans('dirs with work', (q) => dirsWithWork(q, 1, 0, 200));
  await plans('new dirs', (q) => newDirs(q, 1, 0, 500));
  await plans('a page of known dirs', (q) => knownDirs(q, 1, 'd5', 100));
  await plans('a job log', (q) => readLog(q, { job: 'dir/5', limit: 100 }));
  assert.deepEqual(seen, []);
});
