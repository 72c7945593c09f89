import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import Type from 'typebox';
import { CodedError } from '../../model/errors.ts';
import { localPath } from '../back.ts';
import { renderFor } from '../form.tsx';
import { cookieName } from '../security.ts';
import type { Web } from '../shared.ts';
import type { Identifier } from './identify.ts';
import { createLogIn } from './log-in.ts';
import { LoginPage } from './login-view.tsx';

const Query = Type.Object({ back: Type.Optional(Type.String({ maxLength: 4000 })) });
const Body = Type.Object({
  name: Type.String({ maxLength: 60 }),
  password: Type.String({ maxLength: 200 }),
  back: Type.Optional(Type.String({ maxLength: 4000 })),
});

/** `/login` and `/logout`. */
export const loginRoutes =
  (web: Web, identifier: Identifier): FastifyPluginAsyncTypebox =>
  async (app) => {
    const logIn = createLogIn(web);
    const open = { right: 'open' } as const;

    const show = async (reply: FastifyReply, props: Parameters<typeof LoginPage>[0], status: number) =>
      await reply
        .code(status)
        .type('text/html; charset=utf-8')
        .header('cache-control', 'no-store')
        .send(`<!doctype html>${renderFor(null, LoginPage(props))}`);

    const safe = (back: string | undefined): string => {
      const { pathname, search } = localPath(back, '/');
      return pathname.startsWith('/login') ? '/' : pathname + search;
    };

    app.get('/login', { config: open, schema: { querystring: Query } }, async (request, reply) => {
      const back = safe(request.query.back);
      const visitor = await identifier.identify(request);
      if (visitor) return await reply.redirect(back, 303);
      const nobodyCan = (await web.access.accounts()).length === 0;
      const problem = nobodyCan ? 'Nobody has set a password yet. Set it on the machine itself.' : null;
      return await show(reply, { back, name: 'owner', problem }, 200);
    });

    app.post('/login', { config: open, schema: { body: Body } }, async (request, reply) => {
      const { name, password } = request.body;
      const back = safe(request.body.back);
      try {
        await logIn(request, reply, name.trim(), password);
      } catch (error) {
        if (!(error instanceof CodedError) || !error.code.startsWith('access.')) throw error;
        const status = error.code === 'access.too-many-tries' ? 429 : 401;
        return await show(reply, { back, name, problem: error.message }, status);
      }
      return await reply.redirect(back, 303);
    });

    app.post('/logout', { config: { right: 'read' } }, async (request, reply) => {
      const session = request.visitor?.session;
      if (session) await web.access.removeSession(session.id);
      identifier.forget();
      return await reply.clearCookie(cookieName(web.config), { path: '/' }).redirect('/login', 303);
    });
  };
