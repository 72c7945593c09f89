/**
 * `npm run drill -- hosts`: three machines, as network namespaces of this one. Postgres, Temporal, the engine worker and the page
 * run on the first, an io worker on the second, which alone sees the photos and has them elsewhere, two ai workers on the
 * third; thumbnails go over HTTP. Each is unplugged in mid-job and plugged in again. In the end all must be as after an
 * import on one machine, and nothing done before a cable was pulled may be lost or done twice.
 *
 * Needs Linux, root, and the programs `ip` and `unshare`. All of it happens in namespaces of its own, which end with it: it
 * touches neither this machine's network nor what runs here.
 */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { startHosts } from './hosts/machines.mjs';
import { outcome } from './hosts/outcome.mjs';
import { writePhotos } from './hosts/photos.mjs';
import { main, startEngine, startServers, startWorker } from './hosts/programs.mjs';

const inside = 'PHOTO_ASSISTANT_DRILL_INSIDE';

/** Why this machine can't play three; null: it can. */
function whyNot() {
  if (process.platform !== 'linux') return 'this needs Linux, for its network namespaces';
  if (process.getuid() !== 0) return 'this needs root, to make network namespaces';
  for (const program of ['ip', 'unshare', 'ionice']) {
    if (spawnSync(program, ['--version']).error) return `this needs the program ${program}`;
  }
  const tried = spawnSync('unshare', [
    '--net',
    'ip',
    'link',
    'add',
    'probe0',
    'type',
    'veth',
    'peer',
    'name',
    'probe1',
  ]);
  if (tried.status !== 0) return `this system makes no network namespaces: ${String(tried.stderr).trim()}`;
  return existsSync(main) ? null : 'this needs the built product: npm run build';
}

let begun = performance.now();
const say = (text) => console.log(`${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${text}`);

/** Polls until there is something; fails with what was waited for. */
async function until(what, seconds, check) {
  const end = Date.now() + seconds * 1000;
  let last = null;
  while (Date.now() < end) {
    try {
      const found = await check();
      if (found) return found;
    } catch (error) {
      last = error;
    }
    await sleep(100);
  }
  throw new Error(`waited ${seconds} s in vain for ${what}`, { cause: last });
}

async function drill(dir) {
  const photos = path.join(dir, 'nas', 'photos');
  mkdirSync(photos, { recursive: true });
  await writePhotos(photos);
  const token = randomBytes(24).toString('base64url');

  say('One machine, to compare with: an import with faces');
  const hosts = startHosts(['alone', 'servers', 'reader', 'thinker']);
  const alone = await startServers(hosts.get('alone'), path.join(dir, 'alone'), token);
  await startEngine(alone);
  for (const queue of ['io', 'ai']) startWorker(alone, hosts.get('alone'), { queues: queue, dataDir: alone.dataDir });
  await alone.importPath(photos);
  await until('the import on one machine', 150, alone.isDone);
  await alone.nameSomebody(until);
  const expected = await outcome(alone);
  await alone.stop();
  say(`${expected.files.length} files, ${expected.faces.length} faces, ${expected.names.length} of them with a name`);

  say('Three machines: servers, reader, thinker');
  const servers = await startServers(hosts.get('servers'), path.join(dir, 'servers'), token);
  await startEngine(servers);
  const there = path.join(dir, 'nas', 'not mounted yet');
  renameSync(photos, there);
  const remote = { web: servers.url, token, pathMap: `/photos=${photos}` };
  startWorker(servers, hosts.get('reader'), { queues: 'io', dataDir: path.join(dir, 'reader'), ...remote });
  for (let n = 0; n < 2; n++)
    startWorker(servers, hosts.get('thinker'), { queues: 'ai', dataDir: path.join(dir, 'thinker'), ...remote });
  const workers = await until('four workers to announce themselves', 120, async () => {
    const { workers } = await servers.get('/api/status');
    return workers.filter((worker) => worker.alive).length === 4 && workers;
  });
  say(`Workers: ${workers.map(({ host, name, version }) => `${name} ${version} on ${host}`).join(', ')}`);

  await servers.importPath('/photos');
  const told = await until('the scan to say why it waits', 60, async () => {
    const { waitsBecause, status } = await servers.get('/api/jobs/scan%2F1');
    return status === 'running' && waitsBecause;
  });
  say(`The disk is not mounted anywhere: the scan waits. ${told}`);
  renameSync(there, photos);
  await until('the scan to go on by itself', 60, async () => (await servers.get('/api/status')).coverage.files > 0);
  say('Mounted on the reader: it goes on by itself');

  const read = () => servers.sql`SELECT id, read_at::text FROM file WHERE read_at IS NOT NULL`;
  const faces = () => servers.sql`SELECT id, file_id FROM face`;
  const done = { read: new Map(), faces: new Map() };
  const remember = async () => {
    for (const { id, read_at: at } of await read()) done.read.set(id, at);
    for (const { id, file_id: file } of await faces()) done.faces.set(id, file);
  };
  const unplug = async (name, seconds) => {
    await remember();
    say(`${name} is unplugged, with ${done.read.size} files read and ${done.faces.size} faces found`);
    hosts.get(name).plug(false);
    await sleep(seconds * 1000);
    hosts.get(name).plug(true);
    say(`${name} is plugged in again`);
  };
  const total = expected.files.length;
  const progress = (what, count, least, most) =>
    until(what, 90, async () => {
      const { length } = await count();
      return length >= most ? 'over' : length >= least && 'under way';
    });
  const underWay = async (what, ...counted) => {
    if ((await progress(what, ...counted)) === 'over') throw new Error(`${what}: it was over too soon`);
  };
  // Longer than a worker may be silent before its work is given to another.
  await underWay('files to be read', read, 3, total);
  await unplug('reader', 23);
  await underWay('more files to be read', read, done.read.size + 3, total);
  await unplug('servers', 6);
  await underWay('faces to be found', faces, 1, expected.faces.length);
  await unplug('thinker', 23);
  // What the thinker found while nobody could be told of it is told at once: that may have been all.
  if ((await progress('more faces to be found', faces, done.faces.size + 2, expected.faces.length)) === 'over')
    say('All faces were found by then: the servers are not unplugged once more');
  else await unplug('servers', 6);
  await until('the import on three machines', 150, servers.isDone);
  await servers.nameSomebody(until);
  say('All jobs have ended');

  const found = await outcome(servers);
  const problems = [];
  for (const part of Object.keys(expected)) {
    const [a, b] = [expected[part], found[part]].map((rows) => new Set(rows.map((row) => JSON.stringify(row))));
    const [missing, more] = [[...a.difference(b)], [...b.difference(a)]];
    if (missing.length + more.length === 0) say(`${part}: ${found[part].length}, as on one machine`);
    else problems.push(`${part} differ: only on one machine ${missing.slice(0, 3)}, only on three ${more.slice(0, 3)}`);
  }
  const now = new Map((await read()).map(({ id, read_at: at }) => [id, at]));
  const again = [...done.read].filter(([id, at]) => now.get(id) !== at).length;
  const facesNow = new Map((await faces()).map(({ id, file_id: file }) => [id, file]));
  const lost = [...done.faces].filter(([id, file]) => facesNow.get(id) !== file).length;
  if (again > 0) problems.push(`${again} files were read again that were read before a cable was pulled`);
  if (lost > 0) problems.push(`${lost} faces were lost that were found before a cable was pulled`);
  const { jobs } = await servers.get('/api/jobs?status=failed');
  if (jobs.length > 0) problems.push(`failed: ${jobs.map(({ id, error }) => `${id} (${error?.message})`).join(', ')}`);
  await servers.stop();
  return problems;
}

/** Runs the drill in namespaces of its own. @returns the exit code */
function withinNamespaces(dir) {
  const own = ['--net', '--mount', '--uts', '--pid', '--fork', '--kill-child', '--mount-proc'];
  const child = spawn('unshare', [...own, process.execPath, fileURLToPath(import.meta.url)], {
    env: { ...process.env, [inside]: dir },
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill('SIGKILL'));
  return new Promise((resolve) => child.on('exit', (code) => resolve(code ?? 1)));
}

/** @returns the exit code: 0 where all was well, or it can't be tried here */
async function run() {
  const reason = whyNot();
  if (reason !== null) {
    console.log(`Skipped: ${reason}.`);
    return 0;
  }
  const dir = mkdtempSync(path.join(tmpdir(), 'photo-assistant-hosts-'));
  execFileSync('chmod', ['755', dir]);
  const code = await withinNamespaces(dir);
  if (code === 0) rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  else console.log(`What the programs said is in ${dir}.`);
  return code;
}

const dir = process.env[inside];
if (dir !== undefined) {
  begun = performance.now();
  try {
    const problems = await drill(dir);
    for (const problem of problems) say(`WRONG: ${problem}`);
    say(problems.length === 0 ? 'Verdict: all is as on one machine.' : 'Verdict: not as on one machine.');
    process.exit(problems.length === 0 ? 0 : 1);
  } catch (error) {
    console.error(error);
    say('Verdict: it did not come to its end.');
    process.exit(1);
  }
} else process.exitCode = await run();
