import { accuracyAt, noCounts, usualThresholds, type Distances, type ThresholdFacts } from '../../model/distances.ts';
import type { Settings } from '../../model/settings.ts';
import type { MeasuredFaces } from '../people-library.ts';

/** What was measured, told of the threshold in force for everybody. */
export const factsOfAll = ({ everybody }: MeasuredFaces, settings: Settings): ThresholdFacts =>
  factsOf(everybody, settings.nameThreshold, settings);

/** The same of one person, with a threshold of its own or the general one. */
export const factsOfPerson = (
  { people }: MeasuredFaces,
  person: { id: number; threshold: number | null },
  settings: Settings,
): ThresholdFacts => {
  const found = people.find((each) => each.person === person.id);
  return factsOf(found ? onlyDistances(found) : null, person.threshold ?? settings.nameThreshold, settings);
};

const onlyDistances = ({ at, samples, people, outdated, same, different }: Distances): Distances => ({
  ...{ at, samples, people, outdated, same, different },
});

function factsOf(distances: Distances | null, threshold: number, { namePerhaps }: Settings): ThresholdFacts {
  const counts = distances ?? noCounts;
  return {
    threshold,
    perhaps: namePerhaps,
    distances,
    now: accuracyAt(counts, threshold),
    accuracies: usualThresholds.map((each) => accuracyAt(counts, each)),
  };
}
