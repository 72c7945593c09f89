import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openDatabase } from '../../sql/database.ts';

/**
 * What an import left behind: the tables without what differs from run to run (times of reading, numbers of rows), and
 * each thumbnail's hash. Two imports of the same files must leave the same.
 */
export async function snapshot(
  databaseUrl: string,
  thumbsDir: string,
): Promise<{ dirs: unknown[]; files: unknown[]; contents: unknown[]; thumbs: string[] }> {
  const sql = openDatabase(databaseUrl, { max: 1 });
  try {
    const dirs = await sql`
      SELECT encode(path_prefix, 'hex') AS prefix, num_files, num_read, num_failed, error_code, missing_since FROM dir ORDER BY 1`;
    const files = await sql`
      SELECT encode(path_prefix, 'hex') AS prefix, encode(fname, 'hex') AS name, size, file.mtime_ns, type, encode(hash, 'hex') AS hash,
             taken_at::text, taken_source, read_at IS NOT NULL AS read, file.error_step, file.error_code, file.error_message, file.missing_since
      FROM file JOIN dir ON dir.id = dir_id ORDER BY 1, 2`;
    const contents = await sql`
      SELECT encode(hash, 'hex') AS hash, thumb, encode(thumbhash, 'hex') AS thumbhash, width, height, orientation, taken_at::text,
             taken_offset, taken_source, camera, latitude, longitude, tags, error_code, error_message FROM content ORDER BY 1`;
    const thumbs = readdirSync(thumbsDir, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(
        (entry) =>
          `${entry.name} ${createHash('sha256')
            .update(readFileSync(path.join(entry.parentPath, entry.name)))
            .digest('hex')}`,
      )
      .toSorted();
    return { dirs: [...dirs], files: [...files], contents: [...contents], thumbs };
  } finally {
    await sql.end();
  }
}
