import type { OutgoingHttpHeaders } from 'node:http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { kindOf } from './access/visitor.ts';
import { createRounds } from './together.ts';

interface Answer {
  status: number;
  headers: OutgoingHttpHeaders;
  body: Buffer;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Tells all who asked the same what this request is answered; null: nobody else is answered by it. */
    tell: ((answer: Answer | null) => void) | null;
  }
}

/** One page or JSON text for all who ask for the same at the same time and may see the same. */
export function answerTogether(app: FastifyInstance): void {
  const joinRound = createRounds<Answer | null>();
  app.decorateRequest('tell', null);

  // Before it is read what is asked for: that is done once, too.
  app.addHook('preValidation', async (request, reply) => {
    const key = keyOf(request);
    if (key === null) return;
    const toAnswer = Promise.withResolvers<null>();
    const told = Promise.withResolvers<Answer | null>();
    // Whatever becomes of this one, nobody waits for it for ever.
    reply.raw.once('close', () => told.resolve(null));
    const fromAnother = joinRound(key, async () => {
      request.tell = told.resolve;
      toAnswer.resolve(null);
      return await told.promise;
    });
    const answer = await Promise.race([toAnswer.promise, fromAnother]);
    // Null: it is this request that is to be answered, or what another was answered can't be shared.
    return answer ? reply.code(answer.status).headers(answer.headers).send(answer.body) : undefined;
  });

  app.addHook('onSend', async ({ tell }, reply, payload) => {
    if (!tell) return payload;
    const headers = reply.getHeaders();
    if (typeof payload !== 'string' || 'set-cookie' in headers) {
      tell(null);
      return payload;
    }
    const body = Buffer.from(payload);
    tell({ status: reply.statusCode, headers, body });
    return body;
  });
}

/** All that a page or a JSON text depends on; null where it is neither, or for somebody unknown. */
function keyOf({ method, url, visitor, headers }: FastifyRequest): string | null {
  const { accept = '' } = headers;
  if (method !== 'GET' || !visitor || !/text\/html|application\/json/.test(accept)) return null;
  const asked = [url, accept, headers['hx-request'], headers['hx-request-type']];
  return JSON.stringify([...asked, visitor.who, kindOf(visitor)]);
}
