import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { whyHeld, type HostBudget, type HostFacts } from './host-budget.ts';

const free: HostBudget = {
  ...{ cpuShare: 100, diskRate: 0, pauseOnBattery: false, pauseAboveLoad: 0 },
  ...{ diskFrom: '', diskTo: '' },
};
const calm: HostFacts = { clock: '12:00', onBattery: false, othersLoad: 0 };
const disks = { disks: true, waits: false };
const clock = fc
  .tuple(fc.nat(23), fc.nat(59))
  .map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':'));

test('without such settings nothing waits, whatever the machine does', () => {
  fc.assert(
    fc.property(
      fc.record({ clock, onBattery: fc.boolean(), othersLoad: fc.double({ min: 0, max: 100, noNaN: true }) }),
      (facts) => assert.equal(whyHeld(facts, free, disks), null),
    ),
  );
});

test('on battery, where that is set', () => {
  assert.equal(
    whyHeld({ ...calm, onBattery: true }, { ...free, pauseOnBattery: true }, disks),
    'waits: the machine runs on battery',
  );
  assert.equal(whyHeld(calm, { ...free, pauseOnBattery: true }, disks), null);
});

test('outside of the hours of the disks, also over midnight, and only what touches them', () => {
  const night = { ...free, diskFrom: '22:00', diskTo: '06:00' };
  const at = (time: string, touches = true) => whyHeld({ ...calm, clock: time }, night, { ...disks, disks: touches });
  for (const time of ['22:00', '23:59', '00:00', '05:59']) assert.equal(at(time), null, time);
  for (const time of ['06:00', '12:00', '21:59'])
    assert.equal(at(time), 'waits for the hours of the disks to begin at 22:00', time);
  assert.equal(at('12:00', false), null);
  assert.equal(whyHeld(calm, { ...free, diskFrom: '22:00' }, disks), null);
});

test('while others need the machine; what waits goes on only well below the limit', () => {
  const budget = { ...free, pauseAboveLoad: 50 };
  const at = (othersLoad: number, waits: boolean) => whyHeld({ ...calm, othersLoad }, budget, { disks: true, waits });
  assert.equal(at(50, false), null);
  assert.equal(at(51, false), 'waits: other programs need the machine');
  assert.equal(at(45, true), 'waits: other programs need the machine');
  assert.equal(at(45, false), null);
  assert.equal(at(39, true), null);
});
