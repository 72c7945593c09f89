import { constants, existsSync } from 'node:fs';
import { access, readFile, realpath, stat, statfs } from 'node:fs/promises';
import { fromBytes, fromText } from '../../model/names.ts';
import { checkRootPath } from '../../photos/check-root.ts';
import { mountOf, parseMounts, remoteTypeOf } from '../../photos/mounts.ts';
import type { Root } from '../../model/library.ts';
import { pathHere } from '../../model/path-map.ts';
import { listRoots } from '../../sql/roots.ts';
import { bad, good, warning, type Finding, type Patient } from './finding.ts';
import { schedulerOf } from './io-scheduler.ts';

const gigabyte = 1024 ** 3;

/** The paths that people configured, and the disks below them and below the data folder. */
export async function checkPaths({ config, sql }: Patient): Promise<Finding[]> {
  const roots = sql ? await listRoots(sql).catch(() => []) : [];
  const found = [];
  const here = ({ path }: Root) => pathHere(config.pathMap, path);
  for (const root of roots) found.push(...(await checkRoot(root, here(root))));
  if (sql && roots.length === 0)
    found.push(warning('path', 'No path is configured yet', 'Name an import path on the page.'));
  if (existsSync(config.dataDir)) found.push(await checkRoom('data-room', config.dataDir));
  const places = [...roots.map(here), config.dataDir];
  return [...found, ...(await checkSchedulers(places))];
}

/** `here`: where it lies on this machine. */
async function checkRoot({ kind, path }: Root, here: string): Promise<Finding[]> {
  const trouble = await checkRootPath(here);
  const what = `${kind === 'import' ? 'Import' : 'Storage'} path ${path}${here === path ? '' : ` (${here} on this machine)`}`;
  if (trouble) return [bad('path', `${what}: ${trouble.message}`, `See ${trouble.code} in docs/errors.md.`)];
  const found = [good('path', `${what} can be read (${await mountWords(here)})`)];
  const writable = await access(here, constants.W_OK).then(
    () => true,
    () => false,
  );
  // The sorter takes files away from an import path, and puts them into a storage path.
  if (!writable)
    found.push(
      warning(
        'path-writable',
        `${what} can’t be written: the sorter can’t move files ${kind === 'import' ? 'away from there' : 'there'}`,
        'Give the user it runs as the right to write there, or leave it if nothing is to be moved.',
      ),
    );
  const remote = await remoteTypeOf(here);
  if (remote !== null) {
    found.push(
      warning(
        'path-network',
        `${what} is on the network (${remote}): what others change there is not noticed at once`,
        'Choose “Hours between rescans” in the settings by how soon new files are wanted.',
      ),
    );
  }
  if (kind === 'storage' && writable) found.push(await checkRoom('path-room', here));
  return found;
}

/** What is mounted there. */
async function mountWords(path: string): Promise<string> {
  if (process.platform !== 'linux') return 'mounted';
  const mount = mountOf(fromText(await realpath(path)), parseMounts(fromBytes(await readFile('/proc/self/mountinfo'))));
  return mount ? `${mount.type}, mounted at ${mount.point}` : 'mounted';
}

async function checkRoom(check: string, path: string): Promise<Finding> {
  const { bavail, bsize, blocks } = await statfs(path);
  const [free, all] = [bavail * bsize, blocks * bsize];
  const text = `${(free / gigabyte).toFixed(1)} of ${(all / gigabyte).toFixed(1)} GB are free below ${path}`;
  if (free < 0.2 * gigabyte) return bad(check, text, 'Make room: what is written there fails soon.');
  return free < 5 * gigabyte ? warning(check, text, 'Make room before it is full.') : good(check, text);
}

async function checkSchedulers(places: readonly string[]): Promise<Finding[]> {
  const disks = new Map<string, { name: string; idle: boolean }>();
  for (const place of places) {
    const device = await stat(place, { bigint: true }).then(
      ({ dev }) => dev,
      () => null,
    );
    const scheduler = device === null ? null : schedulerOf(device);
    if (scheduler) disks.set(scheduler.disk, scheduler);
  }
  return [...disks].map(([disk, { name, idle }]) =>
    idle
      ? good('io-scheduler', `Disk ${disk} has the I/O scheduler ${name}, which lets others go before the workers`)
      : warning(
          'io-scheduler',
          `Disk ${disk} has the I/O scheduler ${name}, for which idle priority has no effect: workers and others share it alike`,
          `For spinning disks: echo bfq | sudo tee /sys/block/${disk}/queue/scheduler. Fast disks do well without.`,
        ),
  );
}
