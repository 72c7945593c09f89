import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { temporaryDir } from '../../tests/support/house.ts';
import { schedulerOf } from './io-scheduler.ts';

/** A device number as stat(2) gives it. */
const device = (major: bigint, minor: bigint) =>
  ((major & 0xfffn) << 8n) | (minor & 0xffn) | ((minor & ~0xffn) << 12n) | ((major & ~0xfffn) << 32n);

test('the scheduler of a disk is told, also by its partition, and whether it heeds idle priority', (t) => {
  const sys = temporaryDir(t);
  const block = path.join(sys, 'dev', 'block');
  mkdirSync(block, { recursive: true });
  const add = (number: string, dir: string, scheduler?: string) => {
    const at = path.join(sys, 'devices', dir);
    mkdirSync(path.join(at, 'queue'), { recursive: true });
    if (scheduler !== undefined) writeFileSync(path.join(at, 'queue', 'scheduler'), `${scheduler}\n`);
    symlinkSync(at, path.join(block, number));
  };
  add('8:0', 'sda', 'none mq-deadline [bfq]');
  add('8:1', 'sda/sda1');
  add('259:300', 'nvme0n1', '[none] mq-deadline kyber');
  add('252:7', 'dm-7', 'none');
  add('9:0', 'md0');
  assert.deepEqual(schedulerOf(device(8n, 0n), sys), { disk: 'sda', name: 'bfq', idle: true });
  assert.deepEqual(schedulerOf(device(8n, 1n), sys), { disk: 'sda', name: 'bfq', idle: true });
  assert.deepEqual(schedulerOf(device(259n, 300n), sys), { disk: 'nvme0n1', name: 'none', idle: false });
  assert.deepEqual(schedulerOf(device(252n, 7n), sys), { disk: 'dm-7', name: 'none', idle: false });
  assert.equal(schedulerOf(device(9n, 0n), sys), null, 'a disk made of several');
  assert.equal(schedulerOf(device(0n, 42n), sys), null, 'a network disk');
});
