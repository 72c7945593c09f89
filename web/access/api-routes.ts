import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { Account, ApiToken, AuditEntry, Session } from '../../model/access.ts';
import { refused } from '../api/schema.ts';
import type { Web } from '../shared.ts';
import { createChanges } from './change.ts';
import type { Identifier } from './identify.ts';
import { AuditQuery, NewAccount, NewPassword, NewToken, NumberParams } from './schema.ts';

const Made = Type.Object({ id: Type.Integer() });
const mostShown = 200;

/** Who may come in, for an owner who is logged in: `/api/accounts`, `/api/sessions`, `/api/tokens`, `/api/audit`. */
export const accessApi =
  (web: Web, identifier: Identifier): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { access } = web;
    const changes = createChanges(web, identifier);
    const config = { right: 'own' } as const;

    const list = <Item extends Type.TSchema>(
      name: string,
      item: Item,
      summary: string,
      read: () => Promise<Type.Static<Item>[]>,
    ) =>
      app.get(
        `/${name}`,
        { config, schema: { summary, response: { 200: Type.Object({ [name]: Type.Array(item) }), ...refused } } },
        async () => ({ [name]: await read() }),
      );
    const remove = (name: string, summary: string, work: (id: number) => Promise<void>) =>
      app.delete(
        `/${name}/:id`,
        { config, schema: { summary, params: NumberParams, response: { 204: Type.Null(), ...refused } } },
        async (request, reply) => {
          await work(request.params.id);
          return await reply.code(204).send(null);
        },
      );

    list('accounts', Account, 'Who may come in', access.accounts);
    list('sessions', Session, 'Where they are logged in, the latest first', () => access.sessions(mostShown));
    list('tokens', ApiToken, 'Tokens of scripts', access.tokens);
    remove('accounts', 'Remove an account, with its sessions', changes.removeAccount);
    remove('sessions', 'Log a browser out', changes.removeSession);
    remove('tokens', 'Remove a token', changes.removeToken);

    app.post(
      '/accounts',
      {
        config,
        schema: {
          summary: 'Add an account; the first one is an owner',
          body: NewAccount,
          response: { 201: Made, ...refused },
        },
      },
      async (request, reply) => await reply.code(201).send({ id: await changes.addAccount(request.body) }),
    );

    app.put(
      '/accounts/:id/password',
      {
        config,
        schema: {
          summary: 'Give an account another password, and end its sessions',
          params: NumberParams,
          body: NewPassword,
          response: { 204: Type.Null(), ...refused },
        },
      },
      async (request, reply) => {
        await changes.changePassword(request.params.id, request.body.password);
        return await reply.code(204).send(null);
      },
    );

    app.post(
      '/tokens',
      {
        config,
        schema: {
          summary: 'Make a token for a script. It is told this once',
          body: NewToken,
          response: { 201: Type.Object({ id: Type.Integer(), token: Type.String() }), ...refused },
        },
      },
      async (request, reply) => await reply.code(201).send(await changes.addToken(request.body)),
    );

    app.get(
      '/audit',
      {
        config,
        schema: {
          summary: 'What was done, and by whom, the latest first; `before` a number for what was before it',
          querystring: AuditQuery,
          response: { 200: Type.Object({ entries: Type.Array(AuditEntry) }), ...refused },
        },
      },
      async (request) => ({ entries: await access.audit({ ...request.query, limit: mostShown }) }),
    );
  };
