import { mkdir } from 'node:fs/promises';
import multipart from '@fastify/multipart';
import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { CodedError } from '../../model/errors.ts';
import { jobId } from '../../model/job-kinds.ts';
import { trialFiles } from '../../model/tried-file.ts';
import type { Web } from '../shared.ts';
import { TrialParams, TrialQuery, TrialThumbParams } from './schema.ts';
import { TrialPage, TryPage, Waiting } from './try-view.tsx';
import { keepUploads, readTrial } from './uploads.ts';

const mostFiles = 20;
const mostBytes = 1024 * 1024 * 1024;

/** What would be made of files that are not in the library. */
export const tryRoutes =
  ({ config: { trialsDir }, jobs, page }: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    await mkdir(trialsDir, { recursive: true });
    app.register(multipart, { limits: { files: mostFiles, fileSize: mostBytes, fields: 10, parts: mostFiles + 10 } });
    app.register(fastifyStatic, {
      root: trialsDir,
      ...{ serve: false, cacheControl: false },
      setHeaders: (reply) => void reply.header('cache-control', 'private, no-cache'),
    });
    const title = 'Try files';

    app.get(
      '/try/file',
      async (_request, reply) => await page(reply, { title, section: null }, TryPage({ mostFiles })),
    );

    app.post('/try/file', { bodyLimit: mostFiles * mostBytes }, async (request, reply) => {
      if (!request.isMultipart()) throw new CodedError('request.invalid', 'Files are sent as a form with files.');
      const trial = await keepUploads(trialsDir, request.parts());
      await jobs.tryFile(trial);
      return await reply.redirect(`/try/file/${trial}`, 303);
    });

    app.get(
      '/try/file/:trial',
      { schema: { params: TrialParams, querystring: TrialQuery } },
      async (request, reply) => {
        const { trial } = request.params;
        const { file = 0, find = '' } = request.query;
        const result = await readTrial(trialsDir, trial);
        const content = result
          ? TrialPage({ trial, files: result.files, sought: { file, find } })
          : Waiting({ trial, job: await jobs.get(jobId.tryFile(trial)) });
        return await page(reply, { title, section: null }, content);
      },
    );

    app.get('/try/file/:trial/:hash.webp', { schema: { params: TrialThumbParams } }, async (request, reply) => {
      const { trial, hash } = request.params;
      return await reply.sendFile(
        `${trial}/${trialFiles.thumbs}/${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}-1440.webp`,
      );
    });
  };
