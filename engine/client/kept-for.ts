/** For how long an answer is as good as a new one, and until when it is better than waiting for one; milliseconds. */
export interface Keeping {
  fresh: number;
  good: number;
}

interface Known<Answer> {
  answer: Promise<Answer>;
  /** How long that took, and when it was there. */
  took: number;
  since: number;
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
  let next: Promise<Answer> | null = null;

  const begin = (): Promise<Answer> => {
    const asked = now();
    const answer = ask();
    next = answer;
    answer.then(
      () => {
        shown = { answer, took: now() - asked, since: now() };
        next = null;
      },
      () => (next = null),
    );
    return answer;
  };

  return () => {
    if (!shown) return next ?? begin();
    const age = now() - shown.since;
    const freshFor = Math.max(fresh, Math.min(rests.times * shown.took, rests.most));
    if (age <= freshFor) return shown.answer;
    const newer = next ?? begin();
    return age <= freshFor + good - fresh ? shown.answer : newer;
  };
}
