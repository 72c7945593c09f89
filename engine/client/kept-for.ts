/** Asks again only when the last answer is older than this; milliseconds. A failure is not kept. */
export function keptFor<T>(ms: number, question: () => Promise<T>): () => Promise<T> {
  let kept: { answer: Promise<T>; until: number } | null = null;
  return () => {
    if (kept && Date.now() < kept.until) return kept.answer;
    const answer = question();
    kept = { answer, until: Date.now() + ms };
    answer.catch(() => (kept = null));
    return answer;
  };
}
