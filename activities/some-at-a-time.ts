/**
 * Works on each of what comes, `most` at a time and one more, so that none waits while `afterEach` has its turn. The first
 * failure ends it, whenever that comes. When it ends, however it does, all that was begun has ended.
 */
export async function someAtATime<T>(
  most: number,
  all: AsyncIterable<T>,
  work: (each: T) => Promise<void>,
  afterEach: () => Promise<void>,
): Promise<void> {
  const inFlight = new Set<Promise<void>>();
  const failures: unknown[] = [];
  try {
    for await (const each of all) {
      // Kept, for it may come while nobody waits for it.
      const working = work(each)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => inFlight.delete(working));
      inFlight.add(working);
      if (inFlight.size > most) await Promise.race(inFlight);
      if (failures.length > 0) break;
      await afterEach();
    }
  } finally {
    await Promise.all(inFlight);
  }
  if (failures.length > 0) throw failures[0];
}
