import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, utimesSync } from 'node:fs';
import path from 'node:path';
import Type from 'typebox';
import Value from 'typebox/value';
import type { RunningHouse } from './house.ts';
import { writePicture } from './pictures.ts';
import type { Random } from './random.ts';

const Plans = Type.Object({ plans: Type.Array(Type.Object({ id: Type.Integer(), state: Type.String() })) });

/** What people do with a house, one thing at a time, at random. What does not get through is as if it had not been done. */
export function createUse(house: RunningHouse, random: Random, photos: string, storage: number, outside: string) {
  let written = 0;
  const originals = new Map<string, { written: number; removed: number }>();
  const note = (file: string, what: 'written' | 'removed') => {
    const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
    const counts = originals.get(hash) ?? { written: 0, removed: 0 };
    originals.set(hash, { ...counts, [what]: counts[what] + 1 });
  };
  for (const name of filesBelow(photos)) note(path.join(photos, name), 'written');
  const post = async (where: string, body?: object) => void (await house.send('POST', where, body));
  const plans = async (state: string) => {
    const all = Value.Parse(Plans, await house.get('/api/plans')).plans;
    return all.filter((plan) => plan.state === state);
  };

  const things: Record<string, () => Promise<void>> = {
    async 'add pictures'() {
      const day = path.join(photos, `day ${random.whole(12)}`);
      const many = 1 + random.whole(6);
      for (let i = 0; i < many; i++) {
        const n = written++;
        const taken = new Date(Date.UTC(2019 + (n % 5), n % 12, 1 + (n % 28), 12));
        const file = path.join(day, `IMG_${n}.jpg`);
        const colour = `rgb(${n % 256},${(n >> 8) % 256},${random.whole(256)})`;
        try {
          await writePicture(path.join(outside, `IMG_${n}.jpg`), colour, taken);
          note(path.join(outside, `IMG_${n}.jpg`), 'written');
          mkdirSync(day, { recursive: true });
          copyFileSync(path.join(outside, `IMG_${n}.jpg`), `${file}.part`);
          utimesSync(`${file}.part`, taken, taken);
          renameSync(`${file}.part`, file);
        } catch {
          note(path.join(outside, `IMG_${n}.jpg`), 'removed');
          rmSync(`${file}.part`, { force: true });
        }
      }
    },
    async 'remove a picture'() {
      const all = filesBelow(photos).filter((name) => /IMG_\d+\.jpg$/.test(name));
      if (all.length === 0) return;
      const file = path.join(photos, random.one(all));
      note(file, 'removed');
      rmSync(file, { force: true });
    },
    scan: () => post('/api/jobs/import-all', random.whole(3) === 0 ? { deep: true } : {}),
    faces: () => post('/api/jobs', { kind: 'facesOfPath', root: 1, ...(random.whole(3) === 0 ? { again: true } : {}) }),
    async settings() {
      await house.send('PUT', '/api/settings', { ioWorkers: 1 + random.whole(3), chainWindow: 1 + random.whole(5) });
    },
    plan: () =>
      post('/api/plans', { root: storage, onTaken: 'keep both', onDuplicate: random.one(['skip', 'keep both']) }),
    async approve() {
      for (const { id } of (await plans('draft')).slice(0, 1)) await post(`/api/plans/${id}/approve`, {});
    },
    async 'take back'() {
      for (const { id } of (await plans('done')).slice(0, 1)) await post(`/api/plans/${id}/undo`, {});
    },
    async pause() {
      const running = await house.jobs('status=running');
      const job = running.length > 0 ? random.one(running) : undefined;
      if (job && job.kind !== 'engine') await post(`/api/jobs/${encodeURIComponent(job.id)}/pause`);
    },
    async resume() {
      for (const job of await house.jobs('status=paused')) await post(`/api/jobs/${encodeURIComponent(job.id)}/resume`);
    },
    async look() {
      const pages = [
        '/',
        '/folders',
        '/jobs',
        '/jobs/import',
        '/people',
        '/sorter',
        '/status',
        '/settings',
        '/map',
        '/photos/1',
      ];
      await fetch(house.url + random.one(pages), {
        headers: { accept: 'text/html' },
        signal: AbortSignal.timeout(20_000),
      });
    },
  };
  const often = ['add pictures', 'add pictures', 'scan', 'scan', 'plan', 'approve', 'look', 'look', 'look'];
  const all = [...often, ...Object.keys(things)];

  return {
    /** @returns what was done; `null` where it did not get through */
    async next(): Promise<string | null> {
      const what = random.one(all);
      try {
        await things[what]?.();
        return what;
      } catch {
        return null;
      }
    },
    /** What was written, by its SHA-256, and what may have been removed by it. */
    originals,
    resume: things.resume ?? (() => Promise.resolve()),
    plans,
  };
}

const filesBelow = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)));
