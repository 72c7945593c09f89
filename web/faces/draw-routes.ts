import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { goBack } from '../back.ts';
import { whenEnded } from '../jobs/when-ended.ts';
import { readName } from '../people/schema.ts';
import type { Web } from '../shared.ts';
import { readBox } from './drawn-box.ts';
import { FaceParams } from './schema.ts';

/** A face that the scanner missed: drawn on its photo, and named. */
export const drawRoutes =
  ({ library, jobs, live }: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.post('/photos/:id/faces', { schema: { params: FaceParams } }, async (request, reply) => {
      const { id } = await library.file(request.params.id);
      const [box, name] = [readBox(request.body), readName(request.body)];
      const person = await library.personNamed(name);
      const job = await jobs.drawFace({ of: { file: id }, person, box });
      const ended = await whenEnded(jobs, job.id);
      live.wake();
      return goBack(request, reply, `/photos/${id}`, ended ? undefined : job.id);
    });
  };
