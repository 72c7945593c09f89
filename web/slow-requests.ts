import type { FastifyInstance, FastifyRequest } from 'fastify';

/**
 * Ends requests that take longer than so many milliseconds to come in. Uploads of those who were let in may take as long as
 * they need, for who sends nothing for a while is not waited for in any case.
 */
export function limitRequests(app: FastifyInstance, longest: number): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (hasBody(request) && !(request.visitor && isUpload(request))) {
      const timer = setTimeout(() => request.raw.destroy(), longest);
      for (const end of ['end', 'close']) request.raw.once(end, () => clearTimeout(timer));
    }
    done();
  });
}

const hasBody = ({ headers }: FastifyRequest): boolean =>
  headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined;

const isUpload = ({ headers }: FastifyRequest): boolean =>
  headers['content-type']?.startsWith('multipart/form-data') === true;
