import path from 'node:path';
import { test } from 'node:test';
import { temporaryDir } from './support/house.ts';
import { writePhotoLibrary } from './support/pictures.ts';
import { surviveKills } from './support/kills.ts';

const kills = Number(process.env.KILLS ?? 25);

test(`an import survives ${kills} kills, with the same result as in peace`, { timeout: 3_600_000 }, async (t) => {
  const photos = path.join(temporaryDir(t), 'photos');
  await writePhotoLibrary(photos, { dirs: 10, filesADir: 40 });
  await surviveKills(t, photos, kills);
});
