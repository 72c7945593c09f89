import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createThrottle } from './throttle.ts';

/**
 * A worker that does pieces of work whenever it may, over some time. @returns the share of `processors` it took, and its
 * bytes a second
 */
function run(budget: { cpuShare: number; diskRate: number }, piece: { cpu: number; bytes: number; seconds: number }) {
  const used = { at: 0, cpu: 0, bytes: 0 };
  const throttle = createThrottle(() => ({ ...used }), 4);
  while (used.at < 400) {
    if (throttle.mayGoOn(budget)) {
      used.cpu += piece.cpu;
      used.bytes += piece.bytes;
      used.at += piece.seconds;
    } else used.at += 0.2;
  }
  return { share: (100 * used.cpu) / (used.at * 4), rate: used.bytes / used.at };
}

test('over time no more is used than the share, however large the pieces are; and no less where there is work', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 99 }), fc.double({ min: 0.01, max: 5, noNaN: true }), (cpuShare, cpu) => {
      // All four processors are busy with a piece.
      const { share } = run({ cpuShare, diskRate: 0 }, { cpu, bytes: 0, seconds: cpu / 4 });
      assert.ok(share <= cpuShare * 1.05 + 1.5, `${share} of ${cpuShare}`);
      assert.ok(share >= cpuShare * 0.75, `${share} of ${cpuShare}`);
    }),
  );
});

test('the rate of the disks is kept', () => {
  const { rate } = run({ cpuShare: 100, diskRate: 10 }, { cpu: 0.01, bytes: 4e6, seconds: 0.02 });
  assert.ok(rate > 9e6 && rate < 10.2e6, String(rate));
});

test('without limits nothing is even measured', () => {
  const throttle = createThrottle(() => assert.fail());
  assert.equal(throttle.mayGoOn({ cpuShare: 100, diskRate: 0 }), true);
});
