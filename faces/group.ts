import { createGroups, squaredDistance, type GrowingGroups } from './growing-groups.ts';
import { nearPairs } from './near-pairs.ts';

/** A face without a name. */
export interface FaceToGroup {
  id: number;
  file: number;
  /** How well it shows a person, from 0 to 1. */
  quality: number;
  /** Large and sharp enough to tell people apart by. */
  clear: boolean;
  descriptor: Float32Array;
}

export interface GroupSettings {
  /** Two groups become one where their faces are not farther from each other than this, as the root of the mean square. */
  limit: number;
  /** Two faces of one photo are never in one group. */
  oncePerPhoto: boolean;
}

/** Stricter than a name: a wrong name is one face to be corrected, a wrong group is named as a whole. */
export const groupLimit = 0.48;

/** Smaller ones, in pixels, or less sharp ones look like any other such face. */
const clearSize = 40;
const clearSharpness = 4;

/** How well a face shows a person. The picture of a face that is described has 150 pixels: larger ones are no better. */
export function qualityOf(face: { size: number; sharpness: number; score: number; cut: boolean }): {
  quality: number;
  clear: boolean;
} {
  const { size, sharpness, score, cut } = face;
  return {
    quality: Math.min(1, size / 150) * Math.min(1, sharpness / 10) * score * (cut ? 0.5 : 1),
    clear: size >= clearSize && sharpness >= clearSharpness,
  };
}

/** Each round compares only what grew in the one before; few need more than five. */
const mostRounds = 20;
/** The share of the first round, in which all are compared with all. */
const firstRound = 0.8;

/**
 * Groups faces by likeness. The nearest two come together first, then the nearest two of what there is then, as long as the
 * faces of both are near each other on average (mean linkage). A face between two strangers so joins one of them, and does not
 * chain both together, as it would where one near pair is enough. Faces too coarse to tell people apart by take no part
 * in this; each joins the group that is nearest afterwards, if one is near enough.
 *
 * The result is the same for any order of the faces. The time grows with the square of their number, so this yields the
 * share that is done, often, and may be left at any time. Groups of one are not returned. The largest come first, and in
 * each the faces that show the person best.
 */
export function* groupFaces(
  faces: readonly FaceToGroup[],
  { limit, oncePerPhoto }: GroupSettings,
): Generator<number, number[][]> {
  const sorted = faces.toSorted((a, b) => a.id - b.id);
  const clear = sorted.filter((face) => face.clear);
  const groups = createGroups(clear, limit * limit, oncePerPhoto);
  let grown = groups.all();
  for (let round = 0; grown.length > 0 && round < mostRounds; round++) {
    for (const pairs = nearPairs(groups, grown); ;) {
      const step = pairs.next();
      if (step.done) {
        grown = groups.merge(step.value);
        break;
      }
      yield round === 0 ? step.value * firstRound : firstRound;
    }
  }
  const members = Map.groupBy(clear.keys(), (i) => groups.rootOf(i));
  const found = new Map([...members].map(([root, its]) => [root, its.flatMap((i) => clear[i] ?? [])]));
  yield* joinUnclear(
    groups,
    found,
    sorted.filter((face) => !face.clear),
  );
  return [...found.values()]
    .filter((group) => group.length > 1)
    .map((group) => bestFirst(group).map((face) => face.id))
    .toSorted((a, b) => b.length - a.length || lowest(a) - lowest(b));
}

const lowest = (ids: readonly number[]): number => ids.reduce((least, id) => Math.min(least, id), Infinity);

/** Puts each face to the group that is nearest to it; what a group is like does not change meanwhile. */
function* joinUnclear(
  groups: GrowingGroups,
  members: ReadonlyMap<number, FaceToGroup[]>,
  unclear: readonly FaceToGroup[],
): Generator<number, void> {
  const wishes: { face: FaceToGroup; group: number; apart: number }[] = [];
  for (const [i, face] of unclear.entries()) {
    for (const group of members.keys()) {
      const apart = groups.apartFromFace(face.descriptor, group);
      if (groups.near(apart)) wishes.push({ face, group, apart });
    }
    yield firstRound + (1 - firstRound) * (i / unclear.length);
  }
  const placed = new Set<FaceToGroup>();
  for (const { face, group } of wishes.toSorted(
    (a, b) => a.apart - b.apart || a.face.id - b.face.id || a.group - b.group,
  )) {
    if (placed.has(face) || !groups.takeFile(group, face.file)) continue;
    placed.add(face);
    members.get(group)?.push(face);
  }
}

/** Near duplicates, such as those of a burst, tell no more of a person than one of them. */
const alike = 0.25 ** 2;
/** Among so many of the best faces near duplicates are looked for. */
const candidates = 60;

/** The faces of a group, the best first; near duplicates of better ones go behind the others. */
function bestFirst(group: readonly FaceToGroup[]): FaceToGroup[] {
  const best = group.toSorted((a, b) => b.quality - a.quality || a.id - b.id);
  const first = new Set<FaceToGroup>();
  for (const face of best.slice(0, candidates)) {
    const known = [...first].some(
      (other) => squaredDistance(face.descriptor, 0, other.descriptor, 0, alike) !== Infinity,
    );
    if (!known) first.add(face);
  }
  return [...first, ...best.filter((face) => !first.has(face))];
}
