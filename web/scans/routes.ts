import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { jobUrl } from '../jobs/job-url.ts';
import type { Web } from '../shared.ts';
import { ResetPage } from './reset-view.tsx';
import { ScansPage } from './scans-view.tsx';
import { readResetForm, readScanForm, ResetQuery, ScansQuery } from './schema.ts';

/** Scanning faces again, and forgetting them: what each does and costs, before it is started. */
export const scanRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, jobs, live, page } = web;

    app.get('/people/scans', { schema: { querystring: ScansQuery } }, async (request, reply) => {
      const { dir: id, person } = request.query;
      const [settings, roots, people, dir] = await Promise.all([
        library.settings(),
        library.roots(),
        library.peopleToChoose(),
        id === undefined ? null : library.dir(id),
      ]);
      const scanned = await library.scannedPictures(settings, dir ? { dir: dir.id } : {});
      const content = ScansPage({ roots, dir, people, person: person ?? null, scanned });
      return await page(reply, { title: 'Scan faces again', section: 'people' }, content);
    });

    app.post('/people/scans', async (request, reply) => {
      const roots = await library.roots();
      const wanted = readScanForm(
        request.body,
        roots.map((root) => root.id),
      );
      const started: string[] = [];
      for (const job of wanted) started.push((await jobs.start(job)).id);
      live.wake();
      const [only] = started;
      return await reply.redirect(started.length === 1 && only !== undefined ? jobUrl(only) : '/jobs/ai', 303);
    });

    app.get('/people/scans/reset', { schema: { querystring: ResetQuery } }, async (request, reply) => {
      const { dir: id } = request.query;
      const [preview, dir] = await Promise.all([library.resetPreview(id), id === undefined ? null : library.dir(id)]);
      return await page(reply, { title: 'Forget faces', section: 'people' }, ResetPage({ preview, dir }));
    });

    app.post('/people/scans/reset', async (request, reply) => {
      const { id } = await jobs.start(readResetForm(request.body));
      live.wake();
      return await reply.redirect(jobUrl(id), 303);
    });
  };
