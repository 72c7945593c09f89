import { existsSync } from 'node:fs';
import { readConfig } from '../config.ts';
import { thumbPath, thumbSizes } from '../photos/thumb-path.ts';
import type { Database } from '../sql/database.ts';
import { contentsWithThumbs, forgetThumbs, readAgainWithoutThumbs } from '../sql/lost-thumbs.ts';
import { listRoots } from '../sql/roots.ts';
import { withJobs } from './with-jobs.ts';

/** `photo-assistant remake-thumbs`: thumbnails that are not there any more are made again from the photos. */
export async function remakeThumbs(): Promise<void> {
  const { thumbsDir } = readConfig();
  await withJobs(async (jobs, sql) => {
    const { looked, lost } = await forgetLost(sql, thumbsDir);
    const files = await readAgainWithoutThumbs(sql);
    console.log(
      `Looked for the thumbnails of ${looked} contents: ${lost} are gone, ${files} files are to be read again.`,
    );
    for (const { id, numFiles, numRead } of await listRoots(sql)) {
      if (numRead < numFiles) console.log(`started ${(await jobs.start({ kind: 'importPath', root: id })).id}`);
    }
  });
}

async function forgetLost(sql: Database, thumbsDir: string): Promise<{ looked: number; lost: number }> {
  let [looked, lost] = [0, 0];
  for (let after = ''; ;) {
    const hashes = await contentsWithThumbs(sql, after, 2000);
    const gone = hashes.filter((hash) => thumbSizes.some((size) => !existsSync(thumbPath(thumbsDir, hash, size))));
    if (gone.length > 0) await forgetThumbs(sql, gone);
    looked += hashes.length;
    lost += gone.length;
    const last = hashes.at(-1);
    if (last === undefined) return { looked, lost };
    after = last;
  }
}
