import { test } from 'node:test';
import { surviveMoveKills } from './support/move-kills.ts';

// The short form of what `npm run chaos` does to moves.
const moments = [['io'], ['postgres'], ['postgres', 'temporal', 'io'], ['engine'], ['temporal'], ['io']];

test(
  'files that are moved and taken back while parts of the house die by kill -9 are all there, once, where the ledger says',
  { timeout: 600_000 },
  async (t) => {
    await surviveMoveKills(t, { pictures: 80, moments, mostARun: 1 });
  },
);
