import path from 'node:path';
import { test } from 'node:test';
import { temporaryDir } from './support/house.ts';
import { writePhotoLibrary } from './support/pictures.ts';
import { surviveKills } from './support/kills.ts';

// The short form of `npm run chaos`: each part is killed once.
test(
  'an import survives kill -9 of each part of the house, with the same result as in peace',
  { timeout: 600_000 },
  async (t) => {
    const photos = path.join(temporaryDir(t), 'photos');
    await writePhotoLibrary(photos, { dirs: 6, filesADir: 40 });
    await surviveKills(t, photos, 5);
  },
);
