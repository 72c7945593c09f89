import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Right } from '../../model/access.ts';
import { CodedError } from '../../model/errors.ts';
import type { JobKind } from '../../model/job-kinds.ts';
import { wantsPage, wantsPart } from '../wants-page.ts';
import { isSame } from './keys.ts';
import type { Identifier } from './identify.ts';
import type { Visitor } from './visitor.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /**
     * What a request for this needs. Without it, `read` for what only tells and `run` for what changes something; `open`: a
     * request from anybody, also one who is not logged in.
     */
    right?: Right | 'open';
    /** It changes nothing, though it is sent like what does: nobody needs to know who did it. */
    changesNothing?: boolean;
  }
  interface FastifyRequest {
    /** Who asks; null: nobody that is known. */
    visitor: Visitor | null;
  }
}

const tells = (method: string): boolean => ['GET', 'HEAD', 'OPTIONS'].includes(method);

/** What a request needs. Where there is no such page, one has to be let in to be told so. */
function neededRight({ is404, method, routeOptions }: FastifyRequest): Right | 'open' {
  if (is404) return 'read';
  return routeOptions.config.right ?? (tells(method) ? 'read' : 'run');
}

/** Lets in who may come in, to what they may do, before anything else of a request is looked at. */
export function guardDoor(app: FastifyInstance, identifier: Identifier): void {
  app.decorateRequest('visitor', null);
  app.addHook('onRequest', async (request, reply) => {
    const right = neededRight(request);
    if (right === 'open') return;
    request.visitor = await identifier.identify(request);
    if (!request.visitor) return askToLogIn(request, reply);
    assertMay(request, right);
  });
  // After the body was read, which is where forms carry it.
  app.addHook('preValidation', async (request) => {
    const { visitor } = request;
    const given = takeFormToken(request);
    if (tells(request.method) || visitor?.formToken == null) return;
    if (!isSame(given, visitor.formToken)) throw new CodedError('access.stale-form');
  });
}

/** Whether the one who asks has this right. */
export const may = ({ visitor }: FastifyRequest, right: Right): boolean => visitor?.rights.includes(right) ?? false;

/** Throws access.not-allowed unless the one who asks has this right. */
export function assertMay(request: FastifyRequest, right: Right): void {
  if (!may(request, right)) throw new CodedError('access.not-allowed');
}

/** What one has to be allowed to do to start a job. */
export const rightToStart = ({ kind }: { kind: JobKind }): Right =>
  kind === 'moveFiles' || kind === 'undoMoves' ? 'move' : 'run';

/** What one has to be allowed to do to steer any job, or to answer what it asks. */
export const rightToSteer = (action: string): Right => (action === 'approve' || action === 'reject' ? 'move' : 'run');

/** People come to the login, and back from there; programs are told. */
function askToLogIn(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (!wantsPage(request)) throw new CodedError('access.login-needed');
  const isPart = wantsPart(request);
  const login = `/login?${new URLSearchParams({ back: request.method === 'GET' && !isPart ? request.url : '/' })}`;
  return isPart ? reply.code(401).header('hx-redirect', login).send() : reply.redirect(login, 303);
}

/** The token that a request carries: in a header, a field, or, where the body is no plain form, in its address. */
function takeFormToken(request: FastifyRequest): string {
  const { body, query, headers } = request;
  const given = [headers['x-form-token'], take(body), take(query)].find((each) => typeof each === 'string');
  return typeof given === 'string' ? given : '';
}

/** Schemas know nothing of it. */
function take(fields: unknown): unknown {
  if (typeof fields !== 'object' || fields === null || !('_form' in fields)) return undefined;
  const { _form: token } = fields;
  delete fields._form;
  return token;
}
