import { binOf, distanceBins, type DistanceCounts } from '../model/distances.ts';
import { sameFace } from './box.ts';
import { distance } from './descriptor.ts';

/** A face whose person somebody told. The box is in shares of the picture's sides. */
export interface Sample {
  person: number;
  /** Of the picture's bytes, in hex. */
  hash: string;
  x: number;
  y: number;
  w: number;
  h: number;
  descriptor: Float32Array;
}

/**
 * The samples without those that show one and the same face again: a reference image chosen from a photo, a copy of a
 * file. Such pairs would tell of the picture, not of the person.
 */
export function distinctSamples(samples: readonly Sample[]): Sample[] {
  const seen = new Map<string, Sample[]>();
  return samples.filter((sample) => {
    const others = seen.get(sample.hash) ?? [];
    if (others.some((other) => sameFace(boxOf(other), boxOf(sample)))) return false;
    seen.set(sample.hash, [...others, sample]);
    return true;
  });
}

const boxOf = ({ x, y, w, h }: Sample) => ({ left: x, top: y, width: w, height: h });

export interface MeasuredDistances {
  everybody: DistanceCounts;
  persons: Map<number, DistanceCounts>;
}

/** Counts for all persons of the samples, with nothing counted yet. */
export const noDistances = (samples: readonly Sample[]): MeasuredDistances => ({
  everybody: noCounts(),
  persons: new Map(samples.map(({ person }) => [person, noCounts()])),
});

const noCounts = (): DistanceCounts => ({
  same: new Array<number>(distanceBins).fill(0),
  different: new Array<number>(distanceBins).fill(0),
});

/** Adds the pairs of the sample at `index` with those before it: a pair of two persons is counted for both, and once for all. */
export function addDistances(
  { everybody, persons }: MeasuredDistances,
  samples: readonly Sample[],
  index: number,
): void {
  const sample = samples[index];
  const own = sample && persons.get(sample.person);
  if (!own) return;
  for (const other of samples.slice(0, index)) {
    const bin = binOf(distance(sample.descriptor, other.descriptor));
    const kind = sample.person === other.person ? 'same' : 'different';
    addOne(everybody[kind], bin);
    addOne(own[kind], bin);
    if (kind === 'different') addOne(persons.get(other.person)?.different, bin);
  }
}

function addOne(counts: number[] | undefined, bin: number): void {
  if (counts) counts[bin] = (counts[bin] ?? 0) + 1;
}
