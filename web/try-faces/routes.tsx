import multipart from '@fastify/multipart';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { CodedError } from '../../model/errors.ts';
import type { FaceTrial, FaceTrialOf } from '../../model/face-trial.ts';
import { jobId } from '../../model/job-kinds.ts';
import { changedFaces } from '../settings/form.ts';
import type { Web } from '../shared.ts';
import { FaceTrialParams, mostTrialBytes, PanelQuery, TryFacesQuery } from './schema.ts';
import { readTrial, startTrialOfForm, useTrial } from './trial.ts';
import { TryForm } from './try-form.tsx';
import { FaceTrialPage, TrialWaiting } from './try-view.tsx';

/** What other settings would make of the faces of a picture or a dir, before they are used. */
export const tryFacesRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, jobs, page, config } = web;
    app.register(multipart, { limits: { files: 1, fileSize: mostTrialBytes, fields: 20, parts: 21 } });
    const title = 'Try faces';

    const formFor = async (of: FaceTrialOf, settings?: FaceTrial['settings']) => {
      const [saved, file, dir] = await Promise.all([
        settings ?? library.settings(),
        'file' in of ? library.file(of.file) : null,
        'dir' in of ? library.dir(of.dir) : null,
      ]);
      return TryForm({ settings: saved, on: file ? { file } : dir ? { dir } : null });
    };

    app.get('/try/faces', { schema: { querystring: TryFacesQuery } }, async (request, reply) => {
      const { file, dir } = request.query;
      const of = file !== undefined ? { file } : dir !== undefined ? { dir } : { upload: true as const };
      const form = await formFor(of);
      const content = (
        <div class="page">
          <h1>Try faces</h1>
          <p>See who would be found with other settings, before they are used.</p>
          {form}
        </div>
      );
      return await page(reply, { title, section: 'people' }, content);
    });

    app.post(
      '/try/faces',
      { schema: { querystring: PanelQuery }, bodyLimit: mostTrialBytes },
      async (request, reply) => {
        if (!request.isMultipart()) throw new CodedError('request.invalid', 'The form is sent with its fields.');
        const trial = await startTrialOfForm(web, request.parts());
        return await reply.redirect(request.query.panel ? `/try/faces/${trial}?panel=1` : `/try/faces/${trial}`, 303);
      },
    );

    const trialSchema = { params: FaceTrialParams, querystring: PanelQuery };
    app.get('/try/faces/:trial', { schema: trialSchema }, async (request, reply) => {
      const panel = request.query.panel !== undefined;
      const { trial } = request.params;
      const result = await readTrial(config.trialsDir, trial);
      const content = result
        ? FaceTrialPage({ trial, result, form: await formFor(result.of, result.settings) })
        : TrialWaiting({ trial, panel, job: await jobs.get(jobId.tryFaces(trial)) });
      return await page(reply, { title, section: 'people' }, content);
    });

    const use = { schema: { params: FaceTrialParams }, config: { right: 'own' } } as const;
    app.post('/try/faces/:trial/use', use, async (request, reply) => {
      const before = await library.settings();
      const { id } = await useTrial(web, request.params.trial);
      const started = new URLSearchParams({ started: id });
      // How faces are found has changed as well: which pictures to look at again is for a person to say.
      const where = changedFaces(before, await library.settings()) === 'search' ? '/people/scans' : '/people';
      return await reply.redirect(`${where}?${started}`, 303);
    });
  };
