import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNewEnough } from './servers.ts';

test('every Temporal server that set-up can bring is new enough, and earlier ones are not', () => {
  for (const version of ['1.29.1', '1.32.0', '2.0.0']) assert.equal(isNewEnough(version), true, version);
  for (const version of ['1.28.9', '1.3.0', '0.99.0', '']) assert.equal(isNewEnough(version), false, version);
});
