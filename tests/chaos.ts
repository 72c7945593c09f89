import { test } from 'node:test';
import { surviveKills } from './support/kills.ts';
import { surviveMoveKills } from './support/move-kills.ts';
import { weatherStorm } from './support/storm.ts';

/** KILLS: of an import, of faces and of names each; of moves four times as many, for these take less time. */
const number = Number(process.env.KILLS ?? 25);
/** One after another, over and over. */
const inTurn = (times: number, ...moments: (string | string[])[]) =>
  Array.from({ length: times }, (_, i) => [moments[i % moments.length] ?? 'io'].flat());

test(
  `an import, faces and names survive ${number} kills each, with the same result as in peace`,
  { timeout: 7_200_000 },
  async (t) => {
    await surviveKills(t, {
      dirs: 20,
      kills: {
        import: inTurn(number, 'io', 'engine', 'temporal', 'postgres', 'web'),
        faces: inTurn(number, 'scanner', 'ai', 'postgres', 'engine', 'scanner', 'temporal'),
        identify: inTurn(number, 'ai', 'postgres', 'engine', 'temporal'),
      },
    });
  },
);

test(`2,000 files are moved and taken back through ${4 * number} kills`, { timeout: 7_200_000 }, async (t) => {
  const parts = ['io', 'postgres', 'io', 'temporal', ['postgres', 'temporal', 'io'], 'engine', ['postgres', 'io']];
  await surviveMoveKills(t, { pictures: 1380, moments: inTurn(4 * number, ...parts), mostARun: 3 });
});

/** STORM: seconds of each; SEEDS: which ones. */
const seconds = Number(process.env.STORM ?? 600);
for (const seed of (process.env.SEEDS ?? '1,2,3').split(',').map(Number)) {
  test(`a house in use weathers ${seconds} seconds of troubles, number ${seed}`, { timeout: 7_200_000 }, async (t) => {
    await weatherStorm(t, { seed, seconds, everySeconds: 5 });
  });
}
