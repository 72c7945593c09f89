/** For how long an answer is as good as a new one, and until when it is better than waiting; milliseconds. */
const fresh = 900;
const good = 3000;

interface Known<Answer> {
  answer: Promise<Answer>;
  /** When it was there; null: it is still being asked for. */
  since: number | null;
}

export interface Lately {
  /**
   * Makes of a question that takes the job server long one that all who look share: it is asked anew each second while
   * somebody looks, and nobody waits for that whose last answer is no older than a few seconds. A failure is not kept.
   */
  lately: <Answer>(ask: () => Promise<Answer>) => () => Promise<Answer>;
  /** Something was just changed: all questions are asked afresh, and those who ask wait for that. */
  stale: () => void;
}

/** Questions whose answers may be a moment old, until something is changed here. */
export function createLately(now = () => performance.now()): Lately {
  const forget = new Set<() => void>();

  function lately<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
    let shown: Known<Answer> | null = null;
    let next: Known<Answer> | null = null;
    forget.add(() => (shown = next = null));

    const begin = (): Known<Answer> => {
      const asked: Known<Answer> = { answer: ask(), since: null };
      next = asked;
      asked.answer.then(
        () => {
          asked.since = now();
          // Something may have been changed since it was asked.
          if (next === asked) [shown, next] = [asked, null];
        },
        () => {
          if (next === asked) next = null;
        },
      );
      return asked;
    };

    return () => {
      const age = shown?.since == null ? Infinity : now() - shown.since;
      if (shown && age <= fresh) return shown.answer;
      const newer = next ?? begin();
      return shown && age <= good ? shown.answer : newer.answer;
    };
  }

  return { lately, stale: () => forget.forEach((each) => each()) };
}
