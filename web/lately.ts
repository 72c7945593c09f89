import { keptFor } from '../engine/client/kept-for.ts';

/** Milliseconds. */
const aMoment = { fresh: 900, good: 3000 };

/** So many questions of a kind are remembered; of what was asked before, the answers are asked for anew. */
const most = 50;

export interface Lately {
  /**
   * Makes of a question that takes long one that all who look share: it is asked anew each second (each few, where that takes
   * long) while somebody looks, and nobody waits for that whose last answer is no older than a few seconds. A failure is not
   * kept. Two questions are the same when their JSON is. Answers are to be read only.
   */
  lately: <Asked extends readonly unknown[], Answer>(
    ask: (...asked: Asked) => Promise<Answer>,
  ) => (...asked: Asked) => Promise<Answer>;
  /** Something was just changed: all questions are asked afresh, and those who ask wait for that. */
  stale: () => void;
}

/** Questions whose answers may be a moment old, until something is changed here. */
export function createLately(now = () => performance.now()): Lately {
  const forget = new Set<() => void>();
  return {
    lately: (ask) => {
      const kept = new Map<string, () => ReturnType<typeof ask>>();
      forget.add(() => kept.clear());
      return async (...asked) => {
        const key = JSON.stringify(asked);
        const answer = kept.get(key) ?? keptFor(aMoment, async () => await ask(...asked), now);
        kept.delete(key);
        kept.set(key, answer);
        const [oldest] = kept.keys();
        if (kept.size > most && oldest !== undefined) kept.delete(oldest);
        return await answer();
      };
    },
    stale: () => forget.forEach((each) => each()),
  };
}
