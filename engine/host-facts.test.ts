import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { temporaryDir } from '../tests/support/house.ts';
import { createHostFacts, onBattery } from './host-facts.ts';

function supplies(t: TestContext, each: Record<string, Record<string, string>>): string {
  const dir = temporaryDir(t);
  for (const [name, files] of Object.entries(each)) {
    mkdirSync(path.join(dir, name));
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(dir, name, file), `${text}\n`);
  }
  return dir;
}

test('on battery is a battery that is drained, with nothing else that gives power', (t) => {
  const mains = { type: 'Mains', online: '1' };
  const drained = { type: 'Battery', status: 'Discharging' };
  assert.equal(onBattery(supplies(t, { AC: mains, BAT0: drained })), false);
  assert.equal(onBattery(supplies(t, { AC: { ...mains, online: '0' }, BAT0: drained })), true);
  assert.equal(onBattery(supplies(t, { BAT0: { type: 'Battery', status: 'Full' } })), false);
  assert.equal(onBattery(supplies(t, { BAT0: { type: 'Battery', status: 'Full' }, BAT1: drained })), true);
  assert.equal(onBattery(supplies(t, { mouse: { ...drained, scope: 'Device' } })), false);
  assert.equal(onBattery(supplies(t, {})), false);
  assert.equal(onBattery('/not/there'), false);
});

test('the load of others is what all processors did without us, of what they could have done', () => {
  const cores = os.cpus().length;
  const samples = [
    { at: 0, busy: 100, ours: 10 },
    { at: 10, busy: 100 + 5 * cores, ours: 10 + 2 * cores },
    { at: 10.5, busy: 1000, ours: 10 },
    { at: 20, busy: 100 + 6 * cores, ours: 10 + 9 * cores },
  ];
  const facts = createHostFacts(1, () => samples.shift() ?? assert.fail());
  const loads = [facts(), facts(), facts(), facts()].map(({ othersLoad }) => Math.round(othersLoad));
  // The third came too soon to tell anything new; in the last, clocks disagreed.
  assert.deepEqual(loads, [0, 30, 30, 0]);
});

test('our own work is not the load of others', { skip: process.platform !== 'linux' }, () => {
  const [others, all] = [createHostFacts(process.pid), createHostFacts(0x7fffffff)];
  others();
  all();
  const [began, before] = [performance.now(), process.cpuUsage()];
  // A busy machine gives us less of it: so much work, however long that takes.
  while (performance.now() - began < 2_000 || process.cpuUsage(before).user < 1_500_000);
  const [withoutUs, withUs] = [others().othersLoad, all().othersLoad];
  const { user, system } = process.cpuUsage(before);
  const ours = (100 * (user + system)) / 1000 / ((performance.now() - began) * os.cpus().length);
  assert.ok(Math.abs(withUs - withoutUs - ours) < ours / 3, `${withUs} - ${withoutUs} is not ${ours}`);
});
