import { test } from 'node:test';
import { surviveKills } from './support/kills.ts';

const number = Number(process.env.KILLS ?? 25);
/** One after another, over and over. */
const inTurn = (...parts: string[]) => Array.from({ length: number }, (_, i) => [parts[i % parts.length] ?? 'io']);

test(
  `an import, faces and names survive ${number} kills each, with the same result as in peace`,
  { timeout: 7_200_000 },
  async (t) => {
    await surviveKills(t, {
      dirs: 20,
      kills: {
        import: inTurn('io', 'engine', 'temporal', 'postgres', 'web'),
        faces: inTurn('scanner', 'ai', 'postgres', 'engine', 'scanner', 'temporal'),
        identify: inTurn('ai', 'postgres', 'engine', 'temporal'),
      },
    });
  },
);
