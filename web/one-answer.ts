import type { OutgoingHttpHeaders } from 'node:http';
import { setImmediate as whatArrivedIsRead } from 'node:timers/promises';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { kindOf } from './access/visitor.ts';

interface Answer {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

/** Some who ask the same at the same time. */
interface Round {
  /** Null: it can't be shared. */
  answer: Promise<Answer | null>;
  tell: (answer: Answer | null) => void;
  /** The first of them is being answered: who comes now is too late for this answer. */
  begun: boolean;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Those who get what this request is answered. */
    round: Round | null;
  }
}

/**
 * One page or JSON text for all who ask for the same at the same time and may see the same. As with single questions
 * (together.ts) nobody is told what was so before they asked: who comes while one is made waits for that to end, and is
 * then answered with all who came meanwhile.
 */
export function answerTogether(app: FastifyInstance): void {
  const rounds = new Map<string, Round>();
  app.decorateRequest('round', null);

  app.addHook('preHandler', async (request, reply) => {
    const key = keyOf(request);
    if (key === null) return;
    const last = rounds.get(key);
    if (last && !last.begun) {
      const answer = await last.answer;
      return answer ? reply.code(answer.status).headers(answer.headers).send(answer.body) : undefined;
    }
    const round = newRound();
    rounds.set(key, round);
    void round.answer.then(() => {
      if (rounds.get(key) === round) rounds.delete(key);
    });
    request.round = round;
    // Whatever becomes of this one, nobody waits for it for ever.
    reply.raw.once('close', () => round.tell(null));
    await last?.answer;
    await whatArrivedIsRead();
    round.begun = true;
    return undefined;
  });

  app.addHook('onSend', async ({ round }, reply, payload) => {
    if (!round) return payload;
    const headers = reply.getHeaders();
    if (typeof payload !== 'string' || 'set-cookie' in headers) {
      round.tell(null);
      return payload;
    }
    const body = Buffer.from(payload);
    round.tell({ status: reply.statusCode, headers, body });
    return body;
  });
}

function newRound(): Round {
  const { promise, resolve } = Promise.withResolvers<Answer | null>();
  return { answer: promise, tell: resolve, begun: false };
}

/** All that a page or a JSON text depends on; null where it is neither, or for somebody unknown. */
function keyOf({ method, url, visitor, headers }: FastifyRequest): string | null {
  const { accept = '' } = headers;
  if (method !== 'GET' || !visitor || !/text\/html|application\/json/.test(accept)) return null;
  const asked = [url, accept, headers['hx-request'], headers['hx-request-type']];
  return JSON.stringify([...asked, visitor.who, kindOf(visitor)]);
}
