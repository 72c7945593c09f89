/**
 * Keeps the last answers for as long as `stamp` stays the same: some questions cost a second on a million files, and are
 * asked again at every step back.
 */
export function whileUnchanged<T>(stamp: () => Promise<string>, most = 20) {
  const kept = new Map<string, Promise<T>>();
  let known = '';
  return async (question: string, ask: () => Promise<T>): Promise<T> => {
    const now = await stamp();
    if (now !== known) kept.clear();
    known = now;
    const answer = kept.get(question) ?? ask();
    kept.delete(question);
    kept.set(question, answer);
    const [oldest] = kept.keys();
    if (kept.size > most && oldest !== undefined) kept.delete(oldest);
    answer.catch(() => kept.delete(question));
    return await answer;
  };
}
