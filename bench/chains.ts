import path from 'node:path';
import { settle, writeOld } from '../tests/support/pictures.ts';
import { duration, withBench } from './house.ts';
import { print } from './report.ts';

/** How many dir chains a second the engine runs when there is hardly anything to do in them. */
export async function benchChains({ dirs }: { dirs: number }): Promise<void> {
  await withBench(async ({ dir, house }) => {
    const library = path.join(dir, 'library');
    for (let d = 0; d < dirs; d++) {
      writeOld(path.join(library, `d${d}`, 'note.txt'), `note ${d}`);
      settle(path.join(library, `d${d}`));
    }
    const running = await house([library]);
    await running.until('awaiting jobs', 600_000);
    const rate = dirs / duration(await running.job('import/1'));
    print({
      what: `chains of ${dirs} dirs with one small file`,
      measured: `${rate.toFixed(1)} chains/s`,
      against: 'embedded Temporal, one worker each',
      goal: '(told)',
      met: true,
    });
  });
}
