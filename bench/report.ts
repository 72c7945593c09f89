export interface Figure {
  what: string;
  measured: string;
  /** The named program or limit it is compared with. */
  against: string;
  goal: string;
  met: boolean;
}

/** Prints figures as they come, so that a run that is cut off has shown what it measured. */
export function print({ what, measured, against, goal, met }: Figure): void {
  console.log(`${met ? '✓' : '✗'} ${what.padEnd(44)} ${measured.padEnd(34)} ${against.padEnd(42)} goal ${goal}`);
}

export const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

export const seconds = (value: number): string => `${value.toFixed(value < 10 ? 2 : 1)} s`;
export const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

/** Runs `work` and tells how long it took, in seconds. */
export async function timed(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
