import Type, { type Static } from 'typebox';
import { Nullable } from './nullable.ts';

/** Pairs of faces are counted by their distance in so many bins of a hundredth each; the last one holds all beyond, too. */
export const distanceBins = 130;

/** The bin of a distance. */
export const binOf = (distance: number): number => Math.min(distanceBins - 1, Math.max(0, Math.floor(distance * 100)));

export interface DistanceCounts {
  /** Pairs of faces of one person, by bin. */
  same: number[];
  /** Pairs of faces of two persons. */
  different: number[];
}

/** What would come of a threshold, told of pairs of faces. */
export const Accuracy = Type.Object({
  threshold: Type.Number(),
  /** Of the pairs that are near enough, the share that is of one person; null where no pair is near enough. */
  precision: Nullable(Type.Number()),
  /** Of the pairs of one person, the share that is near enough; null where there is no such pair. */
  recall: Nullable(Type.Number()),
});
export type Accuracy = Static<typeof Accuracy>;

/** Precision and recall at a threshold, which is rounded to a hundredth as the counts are. */
export function accuracyAt({ same, different }: DistanceCounts, threshold: number): Accuracy {
  const bins = Math.round(threshold * 100);
  const near = sum(same.slice(0, bins));
  const wrong = sum(different.slice(0, bins));
  const all = sum(same);
  return {
    threshold: bins / 100,
    precision: near + wrong === 0 ? null : near / (near + wrong),
    recall: all === 0 ? null : near / all,
  };
}

export const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** The thresholds that are worth a look. */
export const usualThresholds = Array.from({ length: 31 }, (_, i) => (40 + i) / 100);

/** How far apart the faces are whose persons somebody told. */
export const Distances = Type.Object({
  at: Type.String({ format: 'date-time' }),
  /** Faces that were compared, and whose they were; of one person: how many of the person's. */
  samples: Type.Integer(),
  people: Type.Integer(),
  /** Names were confirmed or taken back, or reference images changed, since. */
  outdated: Type.Boolean(),
  /** Pairs by their distance, in bins of a hundredth. */
  same: Type.Array(Type.Integer()),
  different: Type.Array(Type.Integer()),
});
export type Distances = Static<typeof Distances>;

/** What the distances tell of a threshold; of everybody, or of one person against all others. */
export const ThresholdFacts = Type.Object({
  /** In force now. */
  threshold: Type.Number(),
  /** Up to this much more a face is perhaps that person. */
  perhaps: Type.Number(),
  /** Null: not measured yet, or none of the person's faces is known. */
  distances: Nullable(Distances),
  now: Accuracy,
  /** For the usual thresholds. */
  accuracies: Type.Array(Accuracy),
});
export type ThresholdFacts = Static<typeof ThresholdFacts>;

export const noCounts: DistanceCounts = { same: [], different: [] };

/** Whether there are pairs of both kinds: else nothing is told of a threshold. */
export const isEnough = ({ same, different }: DistanceCounts): boolean => sum(same) > 0 && sum(different) > 0;
