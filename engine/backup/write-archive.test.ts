import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporaryDir } from '../../tests/support/house.ts';
import { writeArchive } from './write-archive.ts';

test('an archive that can not be written is told once, whenever that is noticed, and ends nothing else', async (t) => {
  const file = path.join(temporaryDir(t), 'no', 'such', 'dir');
  let unheard = 0;
  const hear = () => unheard++;
  process.on('uncaughtException', hear);
  for (let i = 0; i < 80; i++) {
    const writing = writeArchive(file, async (archive) => {
      for (let n = 0; n < 5; n++) {
        if (i % 4 > n) await sleep(i % 5);
        await archive.add(`entry ${n}`, Buffer.alloc(n * 20_000));
      }
    });
    await assert.rejects(writing, { code: 'ENOENT' });
  }
  await sleep(100);
  process.off('uncaughtException', hear);
  assert.equal(unheard, 0);
});
