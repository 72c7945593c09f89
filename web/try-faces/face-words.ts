import type { TriedFace } from '../../model/face-trial.ts';

/** Who a face would be. */
export const whoText = ({ name }: Pick<TriedFace, 'name'>): string =>
  name === null ? 'Unknown' : name.perhaps ? `Perhaps ${name.name}` : name.name;

/** Why: who is near, and how good the face is. */
export function detail({ distance, runnerUp, size, score }: TriedFace): string {
  const near = distance === null ? 'nobody is near' : `distance ${distance.toFixed(3)}`;
  const next = runnerUp ? `, then ${runnerUp.name} at ${runnerUp.distance.toFixed(3)}` : '';
  return `${near}${next} · ${size} pixels · score ${score.toFixed(2)}`;
}
