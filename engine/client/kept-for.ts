/** For how long an answer is as good as a new one, and until when it is better than waiting for one; milliseconds. */
export interface Keeping {
  fresh: number;
  good: number;
}

interface Known<Answer> {
  answer: Promise<Answer>;
  asked: number;
  /** When it was there; null: it is still being asked for. */
  since: number | null;
}

/**
 * What takes long to ask is fresh for so many times as long as that took, at most for so many milliseconds: it must not keep a
 * server busy all the time, nor a page from what has changed.
 */
const rests = { times: 20, most: 4000 };

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
    const begun: Known<Answer> = { asked: now(), answer: ask(), since: null };
    next = begun;
    begun.answer.then(
      () => {
        begun.since = now();
        [shown, next] = [begun, null];
      },
      () => (next = null),
    );
    return begun;
  };

  return () => {
    const since = shown?.since;
    if (!shown || since == null) return (next ?? begin()).answer;
    const age = now() - since;
    const longer = Math.max(0, Math.min(rests.times * (since - shown.asked), rests.most) - fresh);
    if (age <= fresh + longer) return shown.answer;
    const newer = next ?? begin();
    return age <= good + longer ? shown.answer : newer.answer;
  };
}
