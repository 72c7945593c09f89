import { distance } from '../faces/descriptor.ts';
import { nameFaces } from '../faces/match.ts';
import { nearestOf, referencesOf } from '../faces/nearest.ts';
import { crops } from '../tests/support/faces-truth.ts';
import { compare } from './faces-compare.ts';
import type { Contender, Looked } from './faces-contenders.ts';
import { boxesInShares, isAt, type Sightings } from './faces-found.ts';
import type { TruePicture } from './faces-pictures.ts';
import { print } from './report.ts';

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Tight crops: in how many a face is found, how well they tell people apart, and whom they name in the pictures. */
export async function benchNames(
  contenders: readonly Contender[],
  pictures: readonly TruePicture[],
  seen: Sightings,
): Promise<void> {
  const looks = new Map<Contender, Looked[]>(contenders.map((contender) => [contender, []]));
  for (const { path } of crops()) {
    await Promise.all([...looks].map(async ([contender, its]) => its.push(await contender.crop(path))));
  }
  const figures = contenders.map((contender) => {
    const cropped = looks.get(contender) ?? [];
    return {
      name: contender.name,
      found: cropped.filter(({ found }) => found).length,
      accepted: acceptedPairs(cropped),
      // What each takes for one person, if nobody says otherwise.
      names: namesIn(pictures, seen.get(contender) ?? [], cropped, contender.name.startsWith('ours') ? 0.54 : 0.6),
    };
  });
  const [mine, ...others] = figures;
  if (!mine) return;
  print({
    what: `tight crops as reference images, of ${crops().length}`,
    measured: `${mine.found} with a face`,
    against: others.map(({ name, found }) => `${name} ${found}`).join(', '),
    goal: '≥ 39',
    met: mine.found >= 39,
  });
  compare({
    what: 'same-person pairs at 0.1 % strangers',
    ours: mine.accepted,
    theirs: others.map(({ name, accepted }) => ({ name, value: accepted })),
    show: percent,
    goals: [
      { than: 'face_recognition', atLeast: 1 },
      { than: 'stock face-api', atLeast: 1.05 },
    ],
  });
  const tell = ({ names }: (typeof figures)[number]) =>
    `${count(names, 'right')} of ${names.filter(({ name }) => name).length} right, ${count(names, 'wrong')} wrong, ${count(names, 'stranger')} strangers`;
  const there = mine.names.filter(({ name }) => name !== null).length;
  print({
    what: 'named by five references a person',
    measured: tell(mine),
    against: others.map((other) => `${other.name} ${tell(other)}`).join('; '),
    goal: '≥ 21 of 22, 0 wrong, ≤ 1 stranger',
    met:
      count(mine.names, 'right') >= (there * 21) / 22 &&
      count(mine.names, 'wrong') === 0 &&
      count(mine.names, 'stranger') <= 1,
  });
  const wasm = figures.find(({ name }) => name === 'ours, wasm');
  const different = mine.names.filter(({ named }, i) => named !== wasm?.names[i]?.named).length;
  print({
    what: 'names by WebAssembly',
    measured: `${different} different`,
    against: `native, ${mine.names.length} faces`,
    goal: '0',
    met: wasm !== undefined && different === 0,
  });
}

/** The share of pairs of one person that are nearer than the distance under which 0.1 % of pairs of two are. */
function acceptedPairs(cropped: readonly Looked[]): number {
  const all = crops();
  const [same, different]: [number[], number[]] = [[], []];
  for (const [i, one] of all.entries()) {
    for (let k = i + 1; k < all.length; k++) {
      (one.person === all[k]?.person ? same : different).push(
        distance(descriptorOf(cropped[i]), descriptorOf(cropped[k])),
      );
    }
  }
  const strict = different.toSorted((a, b) => a - b)[Math.floor(different.length / 1000)] ?? 0;
  return same.filter((each) => each < strict).length / same.length;
}

/** Where nothing could be described, something far from everybody. */
const descriptorOf = (looked: Looked | undefined, i = 0): Float32Array =>
  Float32Array.from(looked?.descriptors[i] ?? Array.from({ length: 128 }, () => 9));

interface Named {
  /** Who it is; null for a stranger. */
  name: string | null;
  /** Who it is taken for. */
  named: string | null;
}

function namesIn(
  pictures: readonly TruePicture[],
  looked: readonly Looked[],
  cropped: readonly Looked[],
  threshold: number,
): Named[] {
  const people = [...new Set(crops().map(({ person }) => person))];
  const references = referencesOf(
    crops().map(({ person }, refimg) => ({
      refimg,
      person: people.indexOf(person),
      descriptor: descriptorOf(cropped[refimg]),
    })),
  );
  const rule = { threshold, perhaps: 0, margin: 0, oncePerPhoto: true };
  return pictures.flatMap((picture, p) => {
    const found = looked[p];
    if (!found) return [];
    const faces = found.boxes.map((box, id) => ({
      id,
      size: Math.max(box.width, box.height),
      cut: false,
      marked: false,
    }));
    const likenesses = faces.flatMap(({ id }) =>
      nearestOf(descriptorOf(found, id), references, 0.7).map((near) => ({ face: id, ...near })),
    );
    const names = nameFaces(faces, likenesses, [], rule, new Map());
    const boxes = boxesInShares(found);
    return picture.faces.map(({ box, name }) => {
      const face = boxes.findIndex((each) => isAt(each, box));
      const given = names.find((each) => each.face === face);
      return { name, named: given ? (people[given.person] ?? null) : null };
    });
  });
}

const count = (names: readonly Named[], what: 'right' | 'wrong' | 'stranger'): number =>
  names.filter(({ name, named }) => {
    if (named === null) return false;
    if (name === null) return what === 'stranger';
    return what === (name === named ? 'right' : 'wrong');
  }).length;
