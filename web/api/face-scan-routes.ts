import multipart from '@fastify/multipart';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { ResetPreview, Forget, ScannedPictures } from '../../model/face-scans.ts';
import { FaceTrial, FaceTrialOf, FaceTrialSettings } from '../../model/face-trial.ts';
import { jobId } from '../../model/job-kinds.ts';
import { JobStatus } from '../../model/job.ts';
import type { Web } from '../shared.ts';
import { checkedTrial, FaceTrialParams, mostTrialBytes } from '../try-faces/schema.ts';
import { readTrial, startTrial, startTrialOfForm, useTrial } from '../try-faces/trial.ts';
import { Started, refused } from './schema.ts';

const Id = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 });
const Place = Type.Object({ dir: Type.Optional(Id) });

const TrialOrder = Type.Object(
  {
    of: Type.Union([Type.Object({ file: Id }), Type.Object({ dir: Id })]),
    settings: Type.Optional(Type.Partial(FaceTrialSettings)),
  },
  { additionalProperties: false },
);

const TrialReply = Type.Object({
  status: JobStatus,
  error: Type.Union([Type.Object({ code: Type.String(), message: Type.String() }), Type.Null()]),
  result: Type.Union([FaceTrial, Type.Null()]),
});

/** How pictures were searched for faces, forgetting them, and trials of other settings, as JSON. */
export const faceScanApi =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, jobs, live, config } = web;
    app.register(multipart, { limits: { files: 1, fileSize: mostTrialBytes, fields: 20, parts: 21 } });

    app.get(
      '/faces/scans',
      {
        schema: {
          summary: 'The pictures in which faces were looked for, by how that was done; scans are started as jobs',
          querystring: Place,
          response: { 200: Type.Object({ scanned: Type.Array(ScannedPictures) }), ...refused },
        },
      },
      async ({ query }) => ({ scanned: await library.scannedPictures(await library.settings(), query) }),
    );

    app.get(
      '/faces/reset',
      {
        schema: {
          summary: 'What forgetting names or faces would take away, and what stays',
          querystring: Place,
          response: { 200: ResetPreview, ...refused },
        },
      },
      async ({ query: { dir } }) => {
        if (dir !== undefined) await library.dir(dir);
        return await library.resetPreview(dir);
      },
    );

    app.post(
      '/faces/reset',
      {
        schema: {
          summary: 'Forget who the faces are, or the faces as well; what people said stays',
          body: Type.Object(
            { dir: Type.Optional(Id), forget: Forget, rescan: Type.Optional(Type.Boolean()) },
            { additionalProperties: false },
          ),
          response: { 202: Started, ...refused },
        },
      },
      async ({ body }, reply) => {
        const started = await jobs.start({ kind: 'resetFaces', ...body });
        live.wake();
        return await reply.code(202).send(started);
      },
    );

    app.post(
      '/try/faces',
      {
        bodyLimit: mostTrialBytes,
        // A form with a picture has no body before its parts are read; anything else is checked below.
        validatorCompiler: () => () => true,
        schema: {
          summary:
            'Try other settings on a file or a dir, or on a picture sent as multipart/form-data with the settings',
          body: TrialOrder,
          response: { 202: Type.Object({ trial: Type.String(), id: Type.String() }), ...refused },
        },
      },
      async (request, reply) => {
        const saved = await library.settings();
        const trial = request.isMultipart()
          ? await startTrialOfForm(web, request.parts(), saved)
          : await startOrder(request.body, saved);
        return await reply.code(202).send({ trial, id: jobId.tryFaces(trial) });
      },
    );

    async function startOrder(body: unknown, saved: FaceTrialSettings): Promise<string> {
      if (!Value.Check(TrialOrder, body) || !Value.Check(FaceTrialOf, body.of)) {
        throw new CodedError('request.invalid', '`of` names a file or a dir, `settings` the settings to be tried.');
      }
      const names = Object.keys(FaceTrialSettings.properties) as (keyof FaceTrialSettings)[];
      const settings = Object.fromEntries(names.map((name) => [name, body.settings?.[name] ?? saved[name]]));
      return await startTrial(web, body.of, checkedTrial(settings));
    }

    app.get(
      '/try/faces/:trial',
      {
        schema: {
          summary: 'What came of a trial; `result` is null while it runs',
          params: FaceTrialParams,
          response: { 200: TrialReply, ...refused },
        },
      },
      async ({ params: { trial } }) => {
        const result = await readTrial(config.trialsDir, trial);
        const { status, error } = await jobs.get(jobId.tryFaces(trial));
        return { status, error, result };
      },
    );

    app.post(
      '/try/faces/:trial/use',
      {
        schema: {
          summary: 'Save the settings of a trial, and match all faces by them',
          params: FaceTrialParams,
          response: { 202: Started, ...refused },
        },
        config: { right: 'own' },
      },
      async ({ params: { trial } }, reply) => await reply.code(202).send(await useTrial(web, trial)),
    );
  };
