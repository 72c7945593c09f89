import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { AccessStore } from './store.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** What of a request is to be remembered, where that is not what it carries. */
    remembered: Record<string, string> | null;
  }
}

const mostFields = 20;
const longest = 300;
const secret = /password|token/i;

/**
 * Remembers who did what: each request that changes something and was not refused. One that failed may have done so before
 * it did.
 */
export function keepAudit(app: FastifyInstance, access: Pick<AccessStore, 'writeAudit'>): void {
  app.decorateRequest('remembered', null);
  app.addHook('onResponse', async (request, reply) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return;
    const failed = reply.statusCode >= 500;
    if (reply.statusCode >= 400 && !failed) return;
    if (request.visitor === null || request.routeOptions.config.changesNothing === true) return;
    try {
      await access.writeAudit({
        who: request.visitor.who,
        address: request.ip,
        what: `${request.method} ${request.url.replace(/\?.*/s, '').slice(0, 500)}${failed ? ` (failed: ${reply.statusCode})` : ''}`,
        details: kept(request.remembered ?? carried(request)),
      });
    } catch (error) {
      request.log.error(error, 'what was done could not be remembered');
    }
  });
}

/** The fields of a form or of a JSON body, without what is secret. */
function carried({ body }: FastifyRequest): Record<string, string> {
  if (typeof body !== 'object' || body === null || Buffer.isBuffer(body)) return {};
  const fields = Object.entries(body).filter(([name, value]) => !secret.test(name) && value !== undefined);
  return Object.fromEntries(
    fields.slice(0, mostFields).map(([name, value]) => {
      const text = typeof value === 'string' ? value : JSON.stringify(value);
      return [name.slice(0, 60), text.length > longest ? `${text.slice(0, longest)}…` : text];
    }),
  );
}

/** The same as the database takes it: it knows neither a character of nothing nor halves of one, as a cut may leave them. */
const kept = (details: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(details).map(([name, value]) => [asText(name), asText(value)]));

const asText = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed();
