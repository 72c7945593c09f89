import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Value from 'typebox/value';
import Type from 'typebox';
import { CodedError } from '../../model/errors.ts';
import { goBack } from '../back.ts';
import { isReachedFromHereOnly } from '../security.ts';
import type { Web } from '../shared.ts';
import { AccessPage } from './access-view.tsx';
import { AuditPage } from './audit-view.tsx';
import { createChanges } from './change.ts';
import type { Identifier } from './identify.ts';
import { beginSession } from './log-in.ts';
import { AuditQuery, NewAccount, NewPassword, NewTokenForm, NumberParams } from './schema.ts';

const Anything = Type.Unknown();
const here = '/settings/access';
const mostShown = 100;

/** `/settings/access`: who may come in, where they are logged in, tokens; and what was done. */
export const accessRoutes =
  (web: Web, identifier: Identifier): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { access, page, config: house } = web;
    const changes = createChanges(web, identifier);
    const config = { right: 'own' } as const;
    const one = { config, schema: { params: NumberParams } };

    async function show(
      request: FastifyRequest,
      reply: FastifyReply,
      said: { problem?: string; token?: string },
      status = 200,
    ) {
      const [accounts, sessions, tokens] = await Promise.all([
        access.accounts(),
        access.sessions(mostShown),
        access.tokens(),
      ]);
      const content = AccessPage({
        ...{ accounts, sessions, tokens, ...said },
        own: request.visitor?.session ?? null,
        onlyHere: isReachedFromHereOnly(house),
      });
      return await page(reply, { title: 'Who may come in', section: 'settings', status }, content);
    }

    /** What a form says; where it does not fit, or is refused, the page tells why. */
    async function told<Schema extends Type.TSchema>(
      request: FastifyRequest,
      reply: FastifyReply,
      schema: Schema,
      work: (form: Type.Static<Schema>) => Promise<FastifyReply>,
    ) {
      try {
        if (!Value.Check(schema, request.body)) {
          const [first] = Value.Errors(schema, request.body);
          const field = first?.instancePath.split('/')[1] ?? 'form';
          throw new CodedError(
            'request.invalid',
            `The ${field} does not fit: ${first?.message ?? 'it is not complete'}.`,
          );
        }
        return await work(request.body);
      } catch (error) {
        if (!(error instanceof CodedError) || error.code === 'database.unavailable') throw error;
        return await show(request, reply, { problem: error.message }, 422);
      }
    }

    app.get(here, { config }, async (request, reply) => await show(request, reply, {}));

    app.post(
      `${here}/accounts`,
      { config },
      async (request, reply) =>
        await told(request, reply, NewAccount, async (form) => {
          const id = await changes.addAccount(form);
          // Who sets the first password is logged in with it.
          if (!request.visitor?.session) await beginSession(web, request, reply, id);
          return await reply.redirect(here, 303);
        }),
    );

    app.post(
      `${here}/accounts/:id/password`,
      one,
      async (request, reply) =>
        await told(request, reply, NewPassword, async ({ password }) => {
          const { id } = request.params;
          await changes.changePassword(id, password);
          if (request.visitor?.session?.account === id) await beginSession(web, request, reply, id);
          return await reply.redirect(here, 303);
        }),
    );

    app.post(
      `${here}/accounts/:id/remove`,
      one,
      async (request, reply) =>
        await told(request, reply, Anything, async () => {
          await changes.removeAccount(request.params.id);
          return await reply.redirect(here, 303);
        }),
    );

    app.post(`${here}/sessions/:id/end`, one, async (request, reply) => {
      await changes.removeSession(request.params.id);
      return goBack(request, reply, here);
    });

    app.post(
      `${here}/tokens`,
      { config },
      async (request, reply) =>
        await told(request, reply, NewTokenForm, async ({ name, scopes }) => {
          const { token } = await changes.addToken({ name, scopes: [scopes].flat() });
          return await show(request, reply.header('cache-control', 'no-store'), { token }, 201);
        }),
    );

    app.post(`${here}/tokens/:id/remove`, one, async (request, reply) => {
      await changes.removeToken(request.params.id);
      return goBack(request, reply, here);
    });

    app.get('/settings/audit', { config, schema: { querystring: AuditQuery } }, async (request, reply) => {
      const entries = await access.audit({ ...request.query, limit: mostShown });
      const content = AuditPage({ entries, more: entries.length === mostShown });
      return await page(reply, { title: 'What was done', section: 'settings' }, content);
    });
  };
