import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { clockOf } from '../../model/quiet-hours.ts';
import type { Web } from '../shared.ts';
import type { Fragment } from '../live.ts';
import { version } from '../../config.ts';
import { StatusLive, StatusPage } from './status-view.tsx';

/** `/status`: how the house stands. */
export const statusRoutes =
  ({ library, live, page, readHouse }: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const fragment = async (): Promise<Fragment> => {
      const [house, workers, waits, coverage, roots, settings] = await Promise.all([
        readHouse(),
        library.workers(),
        library.jobWaits(),
        library.coverage(),
        library.roots(),
        library.settings(),
      ]);
      const now = clockOf(new Date());
      const content = { house, workers, waits, coverage, roots, settings, now, version };
      return { id: 'status-live', view: StatusLive(content) };
    };
    live.topic('status', { fragments: async () => [await fragment()] });
    app.get('/status', async (_request, reply) => {
      const content = StatusPage({ live: await fragment(), version });
      return await page(
        reply,
        { title: 'Status', section: 'status', reloads: true, live: { topic: 'status' } },
        content,
      );
    });
  };
