import assert from 'node:assert/strict';
import { closeSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { cuttableServers } from './cut-servers.ts';
import { eventually, startHouse, temporaryDir, type RunningHouse } from './house.ts';
import { mountNew } from './mounts.ts';
import { writePeopleLibrary } from './people.ts';
import { familyOf } from './processes.ts';
import { createRandom } from './random.ts';
import { snapshot } from './snapshot.ts';
import { createUse } from './storm-use.ts';
import { hashesOf } from './tree.ts';

const patience = 900_000;

/**
 * Uses a house as people do, faster, while all the time something goes wrong: a part of it, or a server, is killed or stands
 * still, a line is cut or hangs, the disk is full. When the storm is over, it comes to rest by itself: no original is lost
 * or there twice, no job hangs or has failed without a reason, and the tables are those of a house in peace.
 */
export async function weatherStorm(
  t: TestContext,
  { seed, seconds, everySeconds }: { seed: number; seconds: number; everySeconds: number },
): Promise<void> {
  const random = createRandom(seed);
  const disk = mountNew(t, 'ext4', 400);
  if (typeof disk === 'string') t.diagnostic(`no disk is filled here: ${disk}`);
  const base = typeof disk === 'string' ? temporaryDir(t) : disk.dir;
  const [photos, storage, dataDir] = ['photos', 'storage', 'data'].map((name) => path.join(base, name)) as [
    string,
    string,
    string,
  ];
  for (const dir of [photos, storage]) mkdirSync(dir);
  await writePeopleLibrary(path.join(photos, 'people'));

  const servers = await cuttableServers(t);
  const house = await startHouse(t, { dataDir, env: servers.env });
  const settings = { importPaths: [photos], storagePaths: [storage], settleSeconds: 1, faceTiles: 'never' };
  assert.equal((await eventually('settings', 60_000, () => house.send('PUT', '/api/settings', settings))).status, 200);
  await house.until('awaiting jobs', patience);

  const done = new Map<string, number>();
  const count = (what: string) => done.set(what, (done.get(what) ?? 0) + 1);
  const use = createUse(house, random, photos, 2, temporaryDir(t));
  const end = Date.now() + seconds * 1000;
  const trouble = async () => {
    for (let next = Date.now(); Date.now() < end;) {
      // From the beginning of one to that of the next, unless one lasts longer.
      next = Math.max(Date.now(), next + random.between(0.5, 1.5) * everySeconds * 1000);
      await sleep(next - Date.now());
      count(await makeTrouble());
    }
  };
  const people = async () => {
    while (Date.now() < end) {
      count((await use.next()) ?? 'did not get through');
      await sleep(random.between(100, 1500));
    }
  };

  /** One thing goes wrong, for some seconds. @returns what */
  async function makeTrouble(): Promise<string> {
    const forMs = random.between(500, 5000);
    switch (random.one(['kill', 'kill', 'stop', 'cut', 'stall', 'fill'])) {
      case 'kill': {
        const { name, pid } = somebody();
        signal([pid], 'SIGKILL');
        return `killed ${name}`;
      }
      case 'stop': {
        const { name, pid } = somebody();
        const family = pid === null ? [] : familyOf(pid);
        signal(family, 'SIGSTOP');
        await sleep(forMs);
        signal(family, 'SIGCONT');
        return `stopped ${name} for a while`;
      }
      case 'fill': {
        const filler = path.join(base, 'filler');
        if (typeof disk === 'string') return 'nothing';
        fill(filler);
        await sleep(forMs);
        rmSync(filler, { force: true });
        return 'filled the disk for a while';
      }
      case 'cut':
        return await onLine('cut', forMs);
      default:
        return await onLine('stall', forMs);
    }
  }

  async function onLine(what: 'cut' | 'stall', forMs: number): Promise<string> {
    const name = random.one(['postgres', 'temporal'] as const);
    servers.lines[name][what]();
    await sleep(forMs);
    servers.lines[name].mend();
    return `${what} the line to ${name} for a while`;
  }

  /** A part of the house, or one of the servers. */
  function somebody(): { name: string; pid: number | null } {
    const parts = house.house().parts.map(({ name, pid }) => ({ name, pid }));
    const own = Object.values(servers.parts).map(({ state: { name, pid } }) => ({ name, pid }));
    return random.one([...parts, ...own]);
  }

  await Promise.all([trouble(), people()]);
  t.diagnostic(
    [...done]
      .map(([what, times]) => `${what}: ${times}`)
      .toSorted()
      .join(', '),
  );

  await eventually('all parts to be there again', patience, () => house.get('/readyz'));
  await comeToRest(house, use);
  const here = Map.groupBy(hashesOf(photos, storage), (hash) => hash);
  for (const [hash, { written, removed }] of use.originals) {
    const found = here.get(hash)?.length ?? 0;
    assert.ok(found >= written - removed, `${hash} is lost: there are ${found} of ${written}, ${removed} were removed`);
    assert.ok(found <= written, `${hash} is there ${found} times, and was written ${written} times`);
    here.delete(hash);
  }
  assert.deepEqual([...here.keys()], [], 'nothing else is there');
  const inStorm = await present(servers.databaseUrl, dataDir);
  await house.stop();

  const inPeace = await startHouse(t, {});
  const quietly = { ...settings, watchImports: false };
  assert.equal((await inPeace.send('PUT', '/api/settings', quietly)).status, 200);
  await inPeace.until('awaiting jobs', patience);
  await comeToRest(inPeace, createUse(inPeace, random, photos, 2, temporaryDir(t)));
  const { databaseUrl } = inPeace.house();
  assert.deepEqual(inStorm, await present(databaseUrl, inPeace.dataDir));
  t.diagnostic(`${inStorm.files.length} files, ${inStorm.faces.length} faces`);
}

/** What a house knows of what is there now. */
async function present(databaseUrl: string, dataDir: string) {
  const all = await snapshot(databaseUrl, path.join(dataDir, 'thumbs'));
  const isThere = ({ missing_since: since }: { missing_since: unknown }) => since === null;
  const files = all.files.filter(isThere);
  const hashes = new Set(files.map(({ hash }) => hash));
  return {
    files,
    dirs: all.dirs.filter(isThere),
    contents: all.contents.filter(({ hash }) => hashes.has(hash)),
    thumbs: all.thumbs.filter((name) => hashes.has(name.slice(0, 64))),
    faces: all.faces,
  };
}

function signal(pids: readonly (number | null)[], name: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      if (pid !== null) process.kill(pid, name);
    } catch {
      // It ended meanwhile.
    }
  }
}

/** Takes all room that is left. */
function fill(file: string): void {
  const block = Buffer.alloc(1 << 20);
  const to = openSync(file, 'w');
  try {
    for (;;) writeSync(to, block);
  } catch {
    // It is full.
  } finally {
    closeSync(to);
  }
}

/** What was paused or failed meanwhile is taken up, all paths are looked through, and then nothing is left to do. */
async function comeToRest(house: RunningHouse, use: ReturnType<typeof createUse>): Promise<void> {
  const quiet = () =>
    eventually('all jobs to have ended', patience, async () => {
      await use.resume();
      const open = await Promise.all(
        ['running', 'paused', 'needs-approval'].map((each) => house.jobs(`status=${each}`)),
      );
      return open.flat().every(({ kind }) => kind === 'engine');
    });
  await quiet();
  for (const job of await house.jobs('status=failed&limit=100')) {
    assert.ok(
      job.error && job.error.message !== '' && job.error.code !== 'internal',
      `${job.id}: ${JSON.stringify(job.error)}`,
    );
    if (job.kind === 'moveFiles' || job.kind === 'undoMoves')
      await house.send('POST', `/api/jobs/${encodeURIComponent(job.id)}/again`);
  }
  await quiet();
  await house.send('POST', '/api/jobs/import-all', { deep: true });
  await quiet();
  await house.until('awaiting jobs', patience);
  assert.deepEqual(await use.plans('approved'), [], 'no plan is left half way');
}
