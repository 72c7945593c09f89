import assert from 'node:assert/strict';
import { test } from 'node:test';
import { familyOf } from '../bench/processes.ts';
import { eventually, startHouse, temporaryDir } from './support/house.ts';

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test(
  'a supervisor killed with SIGKILL leaves no orphan, and the next start takes over',
  { skip: process.platform !== 'linux' && 'processes are looked up in /proc' },
  async (t) => {
    const dataDir = temporaryDir(t, 'photo-assistant-data-');
    const house = await startHouse(t, { dataDir });
    await house.until('configuration needed');
    const { parts } = house.house();
    assert.deepEqual(parts.map((part) => part.name).toSorted(), ['ai', 'engine', 'io', 'postgres', 'temporal', 'web']);
    const supervisor = house.supervisor.pid ?? 0;
    const family = familyOf(supervisor).filter((pid) => pid !== supervisor);
    assert.ok(family.length >= 6);
    house.supervisor.kill('SIGKILL');
    await eventually('all of them to end', 40_000, () => Promise.resolve(!family.some(alive)));

    const next = await startHouse(t, { dataDir });
    await next.until('configuration needed');
  },
);

test('what dies is started again, and the page says so', async (t) => {
  const house = await startHouse(t);
  await house.until('configuration needed');
  for (const name of ['io', 'ai', 'engine', 'temporal', 'postgres', 'web']) {
    const part = () => house.house().parts.find((each) => each.name === name);
    const pid = part()?.pid;
    assert.ok(pid, name);
    process.kill(pid, 'SIGKILL');
    await eventually(`${name} to be started again`, 60_000, () =>
      Promise.resolve(part()?.status === 'running' && part()?.pid !== pid),
    );
    assert.equal(part()?.restarts, 1, name);
    assert.match(part()?.lastExit ?? '', /SIGKILL|kill/i, name);
  }
  await eventually('all to be well', 60_000, async () => (await fetch(`${house.url}/readyz`)).ok);
  assert.match(await (await fetch(`${house.url}/status`)).text(), /SIGKILL|killed/i);
});
