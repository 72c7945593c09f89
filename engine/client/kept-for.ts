/** For how long an answer is as good as a new one, and until when it is better than waiting for one; milliseconds. */
export interface Keeping {
  fresh: number;
  good: number;
}

interface Known<Answer> {
  answer: Promise<Answer>;
  /** When it was there; null: it is still being asked for. */
  since: number | null;
}

/**
 * Makes of a question that takes long one that all who ask share: it is asked anew when the last answer is no longer fresh,
 * and nobody waits for that while the last one is good. A failure is not kept. Answers are to be read only.
 */
export function keptFor<Answer>(
  { fresh, good }: Keeping,
  ask: () => Promise<Answer>,
  now = () => performance.now(),
): () => Promise<Answer> {
  let shown: Known<Answer> | null = null;
  let next: Known<Answer> | null = null;

  const begin = (): Known<Answer> => {
    const asked: Known<Answer> = { answer: ask(), since: null };
    next = asked;
    asked.answer.then(
      () => {
        asked.since = now();
        [shown, next] = [asked, null];
      },
      () => (next = null),
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
