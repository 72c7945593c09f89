/** How near a face is to a person: the distance (Euclidean, of descriptors) to the nearest of the person's reference images. */
export interface Likeness {
  face: number;
  person: number;
  refimg: number;
  distance: number;
}

export interface FaceToName {
  id: number;
  /** Longer side in pixels of the picture. */
  size: number;
  /** The picture's edge goes through it. */
  cut: boolean;
  /** No name is looked for: it is no face, or nobody's business. */
  marked: boolean;
}

/** What people said of a face and a person: it stands, whatever a scan finds. */
export interface Said {
  face: number;
  person: number;
  state: 'confirmed' | 'rejected';
}

export interface NameSettings {
  /** Largest distance at which a face gets a name. */
  threshold: number;
  /** Up to this much more it is "perhaps" that person, and a person is asked. */
  perhaps: number;
  /** By how much the second best has to be farther away for the name to be sure. */
  margin: number;
  /** A person is in a photo once at most. */
  oncePerPhoto: boolean;
}

export interface Name {
  face: number;
  person: number;
  refimg: number;
  distance: number;
  /** The distance up to which it counts as that person. */
  threshold: number;
  /** Who else comes near, and how near. */
  runnerUp: { person: number; distance: number } | null;
  /** Not sure enough to stand without a person's word. */
  perhaps: boolean;
}

/** Faces smaller than this, in pixels, are too coarse for a sure name. */
const sureSize = 40;

/**
 * Names the faces of one photo. The nearest pair of face and person comes first, then the nearest of what is left: so the
 * best person gets each face, whatever the order in which persons were looked for.
 * @param thresholds the persons' own thresholds, where they have one
 */
export function nameFaces(
  faces: readonly FaceToName[],
  likenesses: readonly Likeness[],
  said: readonly Said[],
  settings: NameSettings,
  thresholds: ReadonlyMap<number, number>,
): Name[] {
  const taken = new Set<number>(faces.filter((face) => face.marked).map((face) => face.id));
  const seen = new Set<number>();
  const rejected = new Set<string>();
  for (const { face, person, state } of said) {
    if (state === 'rejected') rejected.add(`${face} ${person}`);
    else {
      taken.add(face);
      seen.add(person);
    }
  }
  const known = new Map(faces.map((face) => [face.id, face]));
  const possible = likenesses
    .filter(({ face, person }) => known.has(face) && !rejected.has(`${face} ${person}`))
    .toSorted((a, b) => a.distance - b.distance || a.face - b.face || a.person - b.person);
  const names: Name[] = [];
  for (const { face: id, person, refimg, distance } of possible) {
    const face = known.get(id);
    const threshold = thresholds.get(person) ?? settings.threshold;
    if (!face || distance > threshold + settings.perhaps) continue;
    if (taken.has(id) || (settings.oncePerPhoto && seen.has(person))) continue;
    const second = possible.find((other) => other.face === id && other.person !== person);
    const runnerUp = second ? { person: second.person, distance: second.distance } : null;
    const close = runnerUp !== null && runnerUp.distance - distance < settings.margin;
    const perhaps = distance > threshold || close || face.cut || face.size < sureSize;
    names.push({ face: id, person, refimg, distance, threshold, runnerUp, perhaps });
    taken.add(id);
    seen.add(person);
  }
  return names;
}
