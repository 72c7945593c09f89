import type { FastifyReply, FastifyRequest } from 'fastify';

/** A page of this site as a path; `fallback` for anything else. */
export function localPath(wanted: unknown, fallback: string): URL {
  const here = 'http://here.invalid';
  const url =
    typeof wanted === 'string' && wanted.startsWith('/') && URL.canParse(wanted, here) ? new URL(wanted, here) : null;
  // Without its host, two slashes would name another one.
  return url?.origin === here && !url.pathname.startsWith('//') ? url : new URL(fallback, here);
}

/** After a form: back to the page it was on, which then tells that the job `started`. */
export function goBack(request: FastifyRequest, reply: FastifyReply, fallback: string, started?: string): FastifyReply {
  const body = request.body;
  const url = localPath(typeof body === 'object' && body !== null && 'back' in body ? body.back : undefined, fallback);
  if (started === undefined) url.searchParams.delete('started');
  else url.searchParams.set('started', started);
  return reply.redirect(url.pathname + url.search, 303);
}
