import { test } from 'node:test';
import { cancelFaces } from './support/cancel-faces.ts';
import { surviveKills } from './support/kills.ts';

// The short form of `npm run chaos`: each part is killed once, the ai worker at each of its two works.
const kills = {
  import: [['io', 'web'], ['engine'], ['postgres', 'temporal']],
  faces: [['scanner'], ['ai', 'postgres']],
  identify: [['ai']],
};

test(
  'reading, faces and names survive kill -9 of each part of the house, with the same result as in peace; canceled, faces stay as they were',
  { timeout: 600_000 },
  async (t) => {
    const inPeace = await surviveKills(t, { dirs: 4, kills });
    await cancelFaces(t, inPeace);
  },
);
