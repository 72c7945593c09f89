import { setImmediate as whatArrivedIsRead } from 'node:timers/promises';

interface Round<Answer> {
  answer: Promise<Answer>;
  /** The question was put: who comes now is too late for this answer. */
  begun: boolean;
}

/**
 * Joins the round of those who ask the same (have the same key) at the same time: the first one's `ask` answers them all. An
 * answer is never older than the question: who comes while the same is being asked waits for that to end, and is then
 * answered together with all who came meanwhile. So each question is under way once, however many ask, and nobody is told
 * what was so before they asked.
 */
export function createRounds<Answer>(): (key: string, ask: () => Promise<Answer>) => Promise<Answer> {
  const rounds = new Map<string, Round<Answer>>();
  return async (key, ask) => {
    const last = rounds.get(key);
    if (last && !last.begun) return await last.answer;
    const round: Round<Answer> = { begun: false, answer: answered() };
    rounds.set(key, round);
    return await round.answer;

    async function answered(): Promise<Answer> {
      await last?.answer.catch(() => undefined);
      await whatArrivedIsRead();
      round.begun = true;
      try {
        return await ask();
      } finally {
        if (rounds.get(key) === round) rounds.delete(key);
      }
    }
  };
}

/**
 * Makes one of the same questions that are asked at the same time. Answers are shared: they are to be read only. Two
 * questions are the same when their JSON is.
 */
export function together<Asked extends readonly unknown[], Answer>(
  ask: (...asked: Asked) => Promise<Answer>,
): (...asked: Asked) => Promise<Answer> {
  const joinRound = createRounds<Answer>();
  return async (...asked) => await joinRound(JSON.stringify(asked), async () => await ask(...asked));
}
