import assert from 'node:assert/strict';
import { once } from 'node:events';
import { renameSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { eventually, startHouse, temporaryDir } from './support/house.ts';
import { familyOf, parentOf } from './support/processes.ts';

test('what dies', async (t) => {
  const dataDir = temporaryDir(t, 'photo-assistant-data-');
  const house = await startHouse(t, { dataDir });
  await house.until('configuration needed');
  const { parts } = house.house();
  assert.deepEqual(parts.map((part) => part.name).toSorted(), ['ai', 'engine', 'io', 'postgres', 'temporal', 'web']);

  await t.test('parts are started again, and the page says so', async () => {
    const part = (name: string) => house.house().parts.find((each) => each.name === name);
    // Servers after the others: a worker that just starts may end once more where it finds none.
    for (const names of [
      ['io', 'ai', 'engine', 'web'],
      ['temporal', 'postgres'],
    ]) {
      const pids = new Map(names.map((name) => [name, part(name)?.pid ?? assert.fail(name)]));
      for (const pid of pids.values()) process.kill(pid, 'SIGKILL');
      for (const [name, pid] of pids) {
        await eventually(`${name} to be started again`, 60_000, () =>
          Promise.resolve(part(name)?.status === 'running' && part(name)?.pid !== pid),
        );
        assert.equal(part(name)?.restarts, 1, name);
        assert.match(part(name)?.lastExit ?? '', /SIGKILL|kill/i, name);
      }
    }
    await eventually('all to be well', 60_000, async () => (await fetch(`${house.url}/readyz`)).ok);
    assert.match(await (await fetch(`${house.url}/status`)).text(), /SIGKILL|killed/i);
  });

  await t.test(
    'a supervisor killed with SIGKILL leaves no orphan, and the next start takes over',
    { skip: process.platform !== 'linux' && 'processes are looked up in /proc' },
    async () => {
      const supervisor = house.supervisor.pid ?? 0;
      const family = familyOf(supervisor).filter((pid) => pid !== supervisor);
      assert.ok(family.length >= parts.length);
      house.supervisor.kill('SIGKILL');
      await eventually('all of them to end', 40_000, () =>
        Promise.resolve(family.every((pid) => parentOf(pid) === null)),
      );
      const next = await startHouse(t, { dataDir });
      await next.until('configuration needed');
    },
  );
});

test('a house whose data folder is taken away stops, and leaves the one alone that began anew there', async (t) => {
  const dataDir = temporaryDir(t, 'photo-assistant-data-');
  const first = await startHouse(t, { dataDir });
  await first.until('configuration needed');
  const ended = once(first.supervisor, 'exit');
  renameSync(dataDir, `${dataDir}-away`);
  t.after(() => rmSync(`${dataDir}-away`, { recursive: true, force: true }));
  const second = await startHouse(t, { dataDir });
  await second.until('configuration needed');
  assert.deepEqual(await ended, [1, null], first.output());
  assert.match(first.output(), /^house\.folder-gone: /m);
  assert.equal(second.house().pid, second.supervisor.pid);
  assert.equal((await fetch(`${second.url}/readyz`)).status, 200);
});
