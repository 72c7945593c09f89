import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { duration, withBench } from './house.ts';
import { median, print, seconds, timed } from './report.ts';

/** The first scan against `find -printf`, and the unchanged rescan against `find -type d`, of the same library. */
export async function benchScan({ files, dirs }: { files: number; dirs: number }): Promise<void> {
  await withBench(async ({ dir, house }) => {
    const library = path.join(dir, 'library');
    generate(library, files, dirs);
    const list = () =>
      timed(() => execFileSync('find', [library, '-type', 'f', '-printf', '%s %T@ %p\\n'], { maxBuffer: 1e9 }));
    const listDirs = () => timed(() => execFileSync('find', [library, '-type', 'd'], { maxBuffer: 1e9 }));

    const finds = [await list()];
    const running = await house([library]);
    const first = await running.ended('scan/1', 600_000);
    finds.push(await list(), await list());
    // Reading the files is another benchmark.
    await running.send('POST', `/api/jobs/${encodeURIComponent('import/1')}/cancel`);
    await running.until('awaiting jobs');

    const took = duration(first);
    const rate = files / took;
    print({
      what: `first scan, ${files} files in ${dirs} dirs`,
      measured: `${seconds(took)}, ${Math.round(rate)} files/s`,
      against: `${(took / median(finds)).toFixed(1)} × find -printf (${seconds(median(finds))})`,
      goal: '≥ 20000 files/s',
      met: rate >= 20_000,
    });

    const rescans: number[] = [];
    const findDirs: number[] = [];
    for (let i = 0; i < 5; i++) {
      findDirs.push(await listDirs());
      const before = (await running.job('scan/1')).runId;
      await running.send('POST', '/api/jobs', { kind: 'scanPath', root: 1 });
      const again = await running.ended('scan/1');
      if (again.runId === before || again.result?.changedDirs !== 0)
        throw new Error(`not an unchanged rescan: ${JSON.stringify(again)}`);
      rescans.push(duration(again));
    }
    const goal = dirs <= 1000 ? 2 : 6;
    print({
      what: `unchanged rescan, ${files} files in ${dirs} dirs`,
      measured: seconds(median(rescans)),
      against: `${(median(rescans) / median(findDirs)).toFixed(1)} × find -type d (${seconds(median(findDirs))})`,
      goal: `≤ ${goal} s`,
      met: median(rescans) <= goal,
    });
  });
}

/** One-byte files, dated in the past: only names and stats matter to a scan. */
function generate(library: string, files: number, dirs: number): void {
  for (let d = 0; d < dirs; d++) {
    const dir = path.join(library, `y${Math.floor(d / 100)}`, `d${d}`);
    mkdirSync(dir, { recursive: true });
    for (let f = 0; f < files / dirs; f++) writeFileSync(path.join(dir, `IMG_${d}_${f}.jpg`), 'x');
  }
  execFileSync('sh', ['-c', 'find "$0" -print0 | xargs -0 touch -d 2024-01-01', library]);
}
