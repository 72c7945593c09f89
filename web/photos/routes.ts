import fastifyStatic from '@fastify/static';
import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { renderFor } from '../form.tsx';
import { CodedError } from '../../model/errors.ts';
import type { FileFilter } from '../../sql/file-lists.ts';
import type { Web } from '../shared.ts';
import { sendOriginal } from './originals.ts';
import { PhotoPage } from './photo-view.tsx';
import {
  filterOf,
  PhotoParams,
  PhotoQuery,
  ThumbParams,
  TimelineQuery,
  type TimelineQuery as Query,
} from './schema.ts';
import { Fresh, TimelinePage, TimelinePart, type TimelinePageProps } from './timeline-view.tsx';

const pageSize = 120;

/** The timeline, the viewer, thumbnails and originals. */
export const photoRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, live, situation } = web;
    app.register(fastifyStatic, {
      root: web.config.thumbsDir,
      ...{ serve: false, cacheControl: false },
      // Named by the hash of what they show, they never change; and no proxy may keep them for others.
      setHeaders: (reply) => void reply.header('cache-control', 'private, max-age=31536000, immutable'),
    });

    // What is told to be there is shown to whoever asks for it then: both look at the same number.
    const coverage = situation.lately(() => library.coverage());

    live.topic('timeline', {
      fragments: async (read) => [{ id: 'fresh', view: Fresh({ more: (await coverage()).read - Number(read) }) }],
    });

    // Asked anew as soon as there are more: a word, or a camera, that only old pictures have is looked up among a hundred
    // thousand of them.
    const tilesOf = situation.lately((filter: FileFilter, _read: number) => library.tiles(filter));

    // Whose many photos are counted long.
    const personOf = situation.lately((id: number) => library.person(id));

    const timeline = async (query: Query): Promise<TimelinePageProps & { read: number }> => {
      const filter = filterOf(query);
      const { cursor } = query;
      const asked = { ...filter, order: 'taken', limit: pageSize, ...(cursor && { cursor }) } as const;
      const [{ read }, options, person] = await Promise.all([
        coverage(),
        library.filterOptions(),
        filter.person === undefined ? null : personOf(filter.person),
      ]);
      const newest = Object.keys(filter).length === 0 && !cursor;
      return { ...(await tilesOf(asked, read)), query, options, person, newest, read };
    };

    app.get('/', { schema: { querystring: TimelineQuery } }, async (request, reply) => {
      const found = await timeline(request.query);
      if (request.headers['hx-request-type'] === 'partial') {
        const part = renderFor(request.visitor, TimelinePart(found));
        return await reply.type('text/html; charset=utf-8').header('vary', 'hx-request-type').send(part);
      }
      // A search, or an older page, stands still.
      const topic = found.newest ? { live: { topic: 'timeline', arg: String(found.read) } } : {};
      // Until there is anything to be searched.
      const reloads = found.newest && found.files.length === 0;
      return await web.page(reply, { title: 'Photos', section: 'photos', reloads, ...topic }, TimelinePage(found));
    });

    app.get('/photos/:id', { schema: { params: PhotoParams, querystring: PhotoQuery } }, async (request, reply) => {
      const file = await library.file(request.params.id);
      const within = request.query.dir;
      const [trail, beside, details, bundle, faces, people, settings] = await Promise.all([
        library.trail(file.dir),
        library.neighbours(file.id, within === undefined ? {} : { dir: within }),
        library.details(file.id),
        library.bundle(file.id),
        library.facesOfFile(file.id),
        library.peopleToChoose(),
        library.settings(),
      ]);
      const { find = '' } = request.query;
      const content = PhotoPage({ file, trail, details, bundle, faces, people, settings, within, find, ...beside });
      return await web.page(reply, { title: file.name, section: within === undefined ? 'photos' : 'folders' }, content);
    });

    app.get('/thumbs/:hash-:size.webp', { schema: { params: ThumbParams } }, async (request, reply) => {
      const { hash, size } = request.params;
      return await reply.sendFile(`${hash.slice(0, 2)}/${hash.slice(2, 4)}/${hash}-${size}.webp`);
    });

    app.get('/originals/:id/clip', { schema: { params: PhotoParams } }, async (request, reply) => {
      const { id } = request.params;
      const [{ path, name }, clip] = await Promise.all([library.onDisk(id), library.clip(id)]);
      if (!clip) throw new CodedError('request.not-found', 'There is no clip in this file.');
      return await sendOriginal(request, reply, { path, name: `${name}.mp4`, part: clip });
    });

    app.get('/originals/:id', { schema: { params: PhotoParams } }, async (request, reply) => {
      const { path, name } = await library.onDisk(request.params.id);
      return await sendOriginal(request, reply, { path, name });
    });
  };
