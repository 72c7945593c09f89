import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { goBack } from '../back.ts';
import type { Web } from '../shared.ts';
import { cropOf } from './crop.ts';
import { tellOfFace } from './tell.ts';
import { FaceParams, readSayForm } from './schema.ts';

/** Faces as small pictures, and what people say of them. */
export const faceRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, live, config } = web;

    const send = async (reply: FastifyReply, crop: Parameters<typeof cropOf>[1]): Promise<FastifyReply> =>
      await reply
        .type('image/webp')
        // A box may move a little when faces are looked for again.
        .header('cache-control', 'private, max-age=3600')
        .send(await cropOf(config.thumbsDir, crop));

    app.get('/faces/:id.webp', { schema: { params: FaceParams } }, async (request, reply) =>
      send(reply, await library.cropOfFace(request.params.id)),
    );
    app.get('/refimgs/:id.webp', { schema: { params: FaceParams } }, async (request, reply) =>
      send(reply, await library.cropOfRefimg(request.params.id)),
    );

    app.post('/faces/:id/say', { schema: { params: FaceParams } }, async (request, reply) => {
      const { id } = request.params;
      const { said, reference } = readSayForm(request.body);
      await tellOfFace(web, id, said, reference);
      live.wake();
      return goBack(request, reply, '/people');
    });
  };
