import { test } from 'node:test';
import { weatherStorm } from './support/storm.ts';

test('what goes wrong while it is used leaves no trace', { timeout: 900_000 }, async (t) => {
  await weatherStorm(t, { seed: 7, seconds: 60, everySeconds: 4 });
});
