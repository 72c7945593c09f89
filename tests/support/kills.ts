import assert from 'node:assert/strict';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { TestContext } from 'node:test';
import { eventually, startHouse, type RunningHouse } from './house.ts';
import { snapshot } from './snapshot.ts';

const parts = ['io', 'engine', 'temporal', 'postgres', 'web'] as const;

/**
 * Imports the photos twice: once in peace, once while parts of the house are killed at random moments, `kills` times.
 * The second import must end by itself with exactly the tables and thumbnails of the first.
 */
export async function surviveKills(t: TestContext, photos: string, kills: number): Promise<void> {
  const undisturbed = await importAll(t, photos, 0);
  const disturbed = await importAll(t, photos, kills);
  assert.deepEqual(disturbed, undisturbed);
}

async function importAll(t: TestContext, photos: string, kills: number) {
  const house = await startHouse(t, { imports: [photos] });
  for (let done = 0; done < kills;) {
    // Spread over the whole import, and at no moment that is known beforehand.
    await eventually(`progress after ${done} kills`, 600_000, async () => {
      const { read, files } = (await house.status()).coverage;
      return read > (done / kills) * 0.9 * files;
    });
    await sleep(Math.random() * 2_000);
    const part = parts[done % parts.length];
    const pid = runningPid(house, part ?? 'io');
    if (pid === null) continue;
    process.kill(pid, 'SIGKILL');
    done++;
    t.diagnostic(`killed ${part} (${done} of ${kills}), ${await readSoFar(house)} files read`);
  }
  await house.until('awaiting jobs', 600_000);
  // After a kill at the very end its jobs may still be at work, though the engine is not.
  await eventually('all jobs to have ended', 120_000, async () => (await house.status()).jobs.running === 0);
  assert.deepEqual(
    (await house.jobs('status=failed')).map((job) => [job.id, job.error]),
    [],
  );
  const left = await snapshot(house.house().databaseUrl, path.join(house.dataDir, 'thumbs'));
  await house.stop();
  return left;
}

function runningPid(house: RunningHouse, name: string): number | null {
  const part = house.house().parts.find((each) => each.name === name);
  return part?.status === 'running' ? part.pid : null;
}

async function readSoFar(house: RunningHouse): Promise<number | string> {
  try {
    return (await house.status()).coverage.read;
  } catch {
    // What has just been killed may be what would have answered.
    return 'an unknown number of';
  }
}
