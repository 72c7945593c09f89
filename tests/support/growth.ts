/** Processor time of this process, in ms: it does not grow while others have the machine. */
function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Less than this is no measure of anything, ms. */
const least = 5;

/**
 * How many times as much work four times as much of something is: about 4 where work grows with it, 16 where it grows with
 * its square. The least of three tries each, for collecting garbage falls on some of them.
 */
export function growth(n: number, work: (n: number) => void): number {
  const leastOf = (size: number): number => Math.min(...[1, 2, 3].map(() => cpuOf(() => work(size))));
  return leastOf(4 * n) / Math.max(least, leastOf(n));
}
