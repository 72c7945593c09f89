import path from 'node:path';
import { compare } from './faces-compare.ts';
import { oursInSteps, type Contender, type Looked, type Place } from './faces-contenders.ts';
import { crowd, writePreview, type TruePicture } from './faces-pictures.ts';
import { seconds } from './report.ts';

/** What contenders saw: for each, in the order of the pictures. */
export type Sightings = Map<Contender, Looked[]>;

/** Lets all look at the same pictures and prints what they found. */
export async function benchFound(
  contenders: readonly Contender[],
  pictures: readonly TruePicture[],
): Promise<Sightings> {
  const seen: Sightings = new Map(contenders.map((contender) => [contender, []]));
  for (const picture of pictures) {
    await Promise.all([...seen].map(async ([contender, its]) => its.push(await contender.look(picture.path))));
  }
  const counts = contenders.map((contender) => {
    const found = pictures.map((picture, i) => countFound(seen.get(contender)?.[i], picture));
    return { name: contender.name, ...sumOf(found) };
  });
  const [mine, ...others] = counts;
  if (!mine) return seen;
  const figures = [
    { what: `clear faces found, of ${mine.clearThere}`, of: 'clear', goal: { atLeast: 1 } },
    { what: `hard faces found, of ${mine.hardThere}`, of: 'hard', goal: { atLeast: 1.5 } },
    { what: `false faces in ${pictures.length} pictures`, of: 'wrong', goal: { atMost: 1 } },
  ] as const;
  for (const { what, of, goal } of figures) {
    const theirs = others.map((each) => ({ name: each.name, value: each[of] }));
    compare({ what, ours: mine[of], theirs, show: String, goals: [{ than: 'face_recognition', ...goal }] });
  }
  return seen;
}

/** Crowds of 12 MP: who is found, and how long that takes. Returns the pictures. */
export async function benchCrowds(dir: string, others: readonly Contender[]): Promise<string[]> {
  const mine = oursInSteps();
  const files: string[] = [];
  try {
    const sums = new Map<string, ReturnType<typeof sumOf> & { took: number; locating: number }>();
    for (let seed = 1; seed <= 3; seed++) {
      const picture = await crowd(path.join(dir, `crowd ${seed}.jpg`), seed);
      const preview = path.join(dir, `crowd ${seed}.webp`);
      await writePreview(picture.path, preview);
      files.push(picture.path);
      // The first picture of a process takes longer than all others.
      if (seed === 1) for (const each of [mine, ...others]) await each.look(preview);
      for (const contender of [mine, ...others]) {
        const { name } = contender;
        const looked = await contender.look(picture.path, preview);
        const found = countFound(looked, picture);
        const before = sums.get(name);
        sums.set(name, {
          ...sumOf(before ? [before, found] : [found]),
          took: (before?.took ?? 0) + (looked.seconds ?? 0),
          locating: (before?.locating ?? 0) + (looked.locating ?? 0),
        });
        console.log(
          `  ${picture.id}: ${name} ${found.clear} of ${found.clearThere}, ${found.wrong} false, ` +
            `${seconds(looked.seconds ?? 0)} (${seconds(looked.locating ?? 0)} for the boxes)`,
        );
      }
    }
    const own = sums.get(mine.name);
    if (!own) return files;
    const rivals = [...sums].filter(([other]) => other !== mine.name);
    const beside = (of: 'clear' | 'locating' | 'took') => rivals.map(([name, sum]) => ({ name, value: sum[of] }));
    const than = 'face_recognition';
    compare({
      what: `faces of crowds on 12 MP, of ${own.clearThere}`,
      ours: own.clear,
      theirs: beside('clear'),
      show: String,
      goals: [{ than, atLeast: 0.97 }],
      note: `${own.wrong} false`,
    });
    for (const [what, of] of [
      ['boxes alone', 'locating'],
      ['with descriptors', 'took'],
    ] as const) {
      const goals = [{ than, atMost: 0.5 }];
      compare({ what: `time for crowds, ${what}`, ours: own[of], theirs: beside(of), show: seconds, goals });
    }
  } finally {
    await mine.close();
  }
  return files;
}

interface Count {
  clear: number;
  clearThere: number;
  hard: number;
  hardThere: number;
  wrong: number;
}

const sumOf = (counts: readonly Count[]): Count =>
  counts.reduce((sum, each) => ({
    clear: sum.clear + each.clear,
    clearThere: sum.clearThere + each.clearThere,
    hard: sum.hard + each.hard,
    hardThere: sum.hardThere + each.hardThere,
    wrong: sum.wrong + each.wrong,
  }));

/** Each face is found by one box at most; boxes that are left over are wrong, but where the truth says nothing. */
function countFound(looked: Looked | undefined, { faces, beside, more }: TruePicture): Count {
  const left = new Set(looked ? boxesInShares(looked) : []);
  const take = (place: Place): boolean => {
    const found = [...left].find((box) => isAt(box, place));
    return found !== undefined && left.delete(found);
  };
  const found = faces.map((face) => take(face.box));
  const count = (hard: boolean, which: readonly boolean[]) =>
    faces.filter((f, i) => f.hard === hard && which[i]).length;
  const all = faces.map(() => true);
  for (const box of left) if (beside.some((place) => isAt(box, place))) left.delete(box);
  return {
    clear: count(false, found),
    clearThere: count(false, all),
    hard: count(true, found),
    hardThere: count(true, all),
    wrong: more ? 0 : left.size,
  };
}

export const boxesInShares = ({ width, height, boxes }: Looked): Place[] =>
  boxes.map((box) => ({
    left: box.left / width,
    top: box.top / height,
    width: box.width / width,
    height: box.height / height,
  }));

/**
 * Whether two boxes are of one face: the middle of each lies in the other. Detectors draw boxes of their own sizes, from
 * the brows to the chin or from the hair to the throat: how much of them is shared tells little.
 */
export function isAt(a: Place, b: Place): boolean {
  const holds = (box: Place, x: number, y: number) =>
    x > box.left && x < box.left + box.width && y > box.top && y < box.top + box.height;
  const middle = (box: Place) => [box.left + box.width / 2, box.top + box.height / 2] as const;
  return holds(a, ...middle(b)) && holds(b, ...middle(a));
}
