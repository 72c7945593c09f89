import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { Settings } from '../../model/settings.ts';
import { may } from '../access/door.ts';
import type { Web } from '../shared.ts';
import { changedSettings, findProblems, forbidding, save } from '../settings/form.ts';
import {
  DirsQuery,
  DirsReply,
  FileParams,
  FileReply,
  FilesQuery,
  FilesReply,
  RootsReply,
  SettingsBody,
  SettingsRefused,
  refused,
} from './schema.ts';

/** Paths, dirs, files and settings, as JSON. */
export const libraryApi =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, checkPath } = web;

    app.get(
      '/roots',
      { schema: { summary: 'Import and storage paths', response: { 200: RootsReply, ...refused } } },
      async () => ({
        roots: await library.roots(),
      }),
    );

    app.get(
      '/dirs',
      {
        schema: {
          summary: 'Dirs, or the direct sub-dirs of one',
          querystring: DirsQuery,
          response: { 200: DirsReply, ...refused },
        },
      },
      async (request) => await library.dirs({ limit: 100, ...request.query }),
    );

    app.get(
      '/files',
      { schema: { summary: 'Files', querystring: FilesQuery, response: { 200: FilesReply, ...refused } } },
      async (request) => {
        const { dir, root } = request.query;
        const order = dir === undefined && root === undefined ? 'taken' : 'name';
        return await library.files({ limit: 100, order, ...request.query });
      },
    );

    app.get(
      '/files/:id',
      {
        schema: {
          summary: 'One file, with all metadata',
          params: FileParams,
          response: { 200: FileReply, ...refused },
        },
      },
      async (request) => {
        const { id } = request.params;
        const [file, details, bundle] = await Promise.all([library.file(id), library.details(id), library.bundle(id)]);
        return {
          ...file,
          ...details,
          bundle: bundle.map((part) => ({ id: part.id, name: part.name, part: part.part })),
        };
      },
    );

    app.get(
      '/settings',
      {
        config: { right: 'run' },
        schema: {
          summary:
            'The settings; the address for notifications is told to owners alone, for it may let in who knows it',
          response: { 200: Settings, ...refused },
        },
      },
      async (request) => {
        const settings = await library.settings();
        return may(request, 'own') ? settings : { ...settings, notifyUrl: '' };
      },
    );

    app.put(
      '/settings',
      {
        config: { right: 'own' },
        schema: {
          summary: 'Save the settings; paths that cannot be used are refused',
          body: SettingsBody,
          response: { 200: Settings, 422: SettingsRefused, ...refused },
        },
      },
      async (request, reply) => {
        const { acceptMissingPaths = false, ...changes } = request.body;
        const saved = await library.settings();
        const settings = { ...saved, ...changes };
        const problems = forbidding(await findProblems(settings, checkPath), settings, saved, acceptMissingPaths);
        const [first] = problems;
        if (first) {
          return await reply.code(422).send({ error: { code: first.code, message: first.message, problems } });
        }
        request.remembered = changedSettings(saved, settings);
        await save(web, settings);
        return await library.settings();
      },
    );
  };
