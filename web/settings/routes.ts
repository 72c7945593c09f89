import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply, FastifyRequest } from 'fastify';
import Type from 'typebox';
import type { Web } from '../shared.ts';
import {
  changedFaces,
  changedSettings,
  findProblems,
  forbidding,
  pathFields,
  readForm,
  save,
  toSettings,
  toText,
  type FormText,
} from './form.ts';
import { SettingsPage, type SettingsPageProps } from './settings-view.tsx';
import { sendTest } from './test-notification.ts';

const Query = Type.Object({
  saved: Type.Optional(Type.Literal('1')),
  /** What of the faces was changed. */
  faces: Type.Optional(Type.Enum(['search', 'names'])),
  /** A test was sent. */
  told: Type.Optional(Type.Literal('1')),
});
const FirstPath = Type.Object({ path: Type.String({ maxLength: 4096 }) });

const savedPage = '/settings?saved=1';

/** The settings form, and the one field that asks for the first import path. */
export const settingsRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, page, checkPath } = web;

    const show = async (reply: FastifyReply, props: Partial<SettingsPageProps> & { form: FormText }, status = 200) =>
      await page(
        reply,
        { title: 'Settings', section: 'settings', status },
        SettingsPage({ problems: [], emptyRows: 1, outcome: null, faces: null, ...props }),
      );

    /** Saves what was typed, or shows it again with what speaks against it. */
    const trySave = async (
      request: FastifyRequest,
      reply: FastifyReply,
      form: FormText,
      acceptMissing: boolean,
      after: string,
    ) => {
      const settings = toSettings(form);
      const problems = await findProblems(settings, checkPath);
      if (forbidding(problems, settings, await library.settings(), acceptMissing).length > 0) {
        return await show(reply, { form, problems, outcome: 'refused' }, 422);
      }
      const before = await library.settings();
      request.remembered = changedSettings(before, settings);
      await save(web, settings);
      const changed = changedFaces(before, settings);
      return reply.redirect(changed && after === savedPage ? `${after}&faces=${changed}` : after, 303);
    };

    app.get('/settings', { schema: { querystring: Query }, config: { right: 'own' } }, async (request, reply) => {
      const settings = await library.settings();
      const problems = await findProblems(settings, checkPath);
      return await show(reply, {
        form: toText(settings),
        problems,
        outcome: request.query.saved ? 'saved' : request.query.told ? 'told' : null,
        faces: request.query.faces ?? null,
      });
    });

    app.post('/settings', { config: { right: 'own' } }, async (request, reply) => {
      const body = typeof request.body === 'object' && request.body !== null ? request.body : {};
      const form = readForm(body);
      const [what, field, index] = String('do' in body ? body.do : 'save').split(':');
      if (what === 'more') return await show(reply, { form, emptyRows: 3 });
      const list = pathFields.find((name) => name === field);
      if (what === 'remove' && list) {
        return await show(reply, { form: { ...form, [list]: form[list].toSpliced(Number(index), 1) } });
      }
      return await trySave(request, reply, form, 'acceptMissingPaths' in body, savedPage);
    });

    app.post('/settings/test-notification', { config: { right: 'own' } }, async (_request, reply) => {
      await sendTest(web);
      return reply.redirect('/settings?told=1', 303);
    });

    app.post(
      '/settings/first-path',
      { schema: { body: FirstPath }, config: { right: 'own' } },
      async (request, reply) => {
        const form = toText(await library.settings());
        const path = request.body.path.trim();
        const importPaths =
          path === '' || form.importPaths.includes(path) ? form.importPaths : [...form.importPaths, path];
        return await trySave(request, reply, { ...form, importPaths }, false, '/');
      },
    );
  };
