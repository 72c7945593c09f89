import { dirOnOtherDisk } from '../tests/support/other-disk.ts';
import { withBench, type Bench } from './house.ts';
import { byExiftool, byMv, byMvOneByOne, bySha256sum, copyOf, isThere, removeCopy } from './sort-contenders.ts';
import { writeDump, type Dump } from './sort-dump.ts';
import { createMover, type Mover } from './sort-mover.ts';
import { median, megabytes, print, seconds, timed } from './report.ts';

const runs = 3;
/** Enough of them that starting a job does not count. */
const large = { files: 300, bytes: 5_000_000 };

interface Contender {
  name: string;
  move: (dump: Dump) => void;
}

/**
 * Moves of approved plans, journal and all, as jobs of a running house: many small files on one file system, and large
 * ones to another. Other programs move copies of the same files to the same places; all take turns.
 */
export async function benchSort({ files }: { files: number }): Promise<void> {
  await withBench(async ({ dir, house }) => {
    const dump = await writeDump(dir, dir, { files, bytes: 0 });
    const contenders: Contender[] = [
      { name: 'mv -n, one for a directory', move: byMv },
      { name: 'mkdir -p and mv -n for each file', move: byMvOneByOne },
    ];
    if (isThere('exiftool', '-ver')) contenders.push({ name: 'exiftool -r -filename<…', move: byExiftool });
    else console.log('  exiftool is not there: it is left out');
    const { moves, others } = await takeTurns(await moverOf(house, dump), dump, contenders);
    for (const { name } of contenders) {
      const theirs = others.get(name) ?? [];
      print({
        what: `move of ${files} files on one file system`,
        measured: `${seconds(median(moves))}, ${Math.round(files / median(moves))} files/s`,
        against: `${(median(moves) / median(theirs)).toFixed(2)} × ${name} (${seconds(median(theirs))})`,
        goal: '(told)',
        met: true,
      });
    }
  });

  await withBench(async ({ dir, house, after }) => {
    const elsewhere = dirOnOtherDisk({ after });
    if (!elsewhere) return console.log('  there is no other file system here: moves to one are left out');
    const dump = await writeDump(dir, elsewhere, large);
    const name = 'cp -p, sync, sha256sum -c, rm';
    const { moves, others } = await takeTurns(await moverOf(house, dump), dump, [{ name, move: bySha256sum }]);
    const theirs = median(others.get(name) ?? []);
    const bytes = large.files * large.bytes;
    print({
      what: `move of ${megabytes(bytes)} to another file system`,
      measured: `${seconds(median(moves))}, ${megabytes(bytes / median(moves))}/s`,
      against: `${(median(moves) / theirs).toFixed(2)} × ${name} (${seconds(theirs)})`,
      goal: '≤ 1.1 ×',
      met: median(moves) <= 1.1 * theirs,
    });
  });
}

const moverOf = async (house: Bench['house'], { from, to }: Dump) =>
  await createMover(await house([from], { storage: [to], faces: false }));

/** Seconds of each run, and of the others' by their names. */
async function takeTurns(
  mover: Mover,
  dump: Dump,
  contenders: readonly Contender[],
): Promise<{ moves: number[]; others: Map<string, number[]> }> {
  const moves: number[] = [];
  const others = new Map<string, number[]>();
  for (let i = 0; i < runs; i++) {
    moves.push(await mover.move());
    for (const { name, move } of contenders) {
      const copy = copyOf(dump);
      const took = await timed(() => move(copy));
      removeCopy(copy);
      others.set(name, [...(others.get(name) ?? []), took]);
    }
  }
  await mover.end();
  return { moves, others };
}
