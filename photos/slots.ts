/** A number of places of which each is held by one piece of work at a time; the others wait in line. */
export interface Slots {
  /** Does the work as soon as a place is free. */
  hold<T>(work: () => Promise<T>): Promise<T>;
  /** How many places there are from now on; work under way is not disturbed. */
  resize(places: number): void;
}

export function createSlots(places: number): Slots {
  let held = 0;
  const waiting: (() => void)[] = [];
  const admit = (): void => {
    while (held < places) {
      const next = waiting.shift();
      if (!next) return;
      held++;
      next();
    }
  };
  return {
    async hold(work) {
      await new Promise<void>((resolve) => {
        waiting.push(resolve);
        admit();
      });
      try {
        return await work();
      } finally {
        held--;
        admit();
      }
    },
    resize(next) {
      places = next;
      admit();
    },
  };
}
