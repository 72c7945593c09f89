import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { Dir } from '../../model/library.ts';
import type { FileFilter } from '../../sql/file-lists.ts';
import { may } from '../access/door.ts';
import type { Web } from '../shared.ts';
import { FolderPage } from './folder-view.tsx';
import { FoldersPage } from './folders-view.tsx';
import { FolderParams, FolderQuery } from './schema.ts';

const pageSize = 120;

/** The configured paths, and each dir below them. */
export const folderRoutes =
  ({ library, page, situation }: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    app.get('/folders', async (_request, reply) => {
      const roots = await Promise.all(
        (await library.roots()).map(async (root) => {
          // A root's own dir is the first of its dirs.
          const { dirs } = await library.dirs({ root: root.id, limit: 1 });
          return { root, dir: dirs[0]?.id ?? null };
        }),
      );
      return await page(reply, { title: 'Folders', section: 'folders' }, FoldersPage({ roots }));
    });

    // Asked anew as soon as something of the dir is another.
    const partsOf = situation.lately(({ id }: Dir, filter: FileFilter, subdirs: Parameters<typeof library.dirs>[0]) =>
      Promise.all([library.trail(id), library.dirs(subdirs), library.tiles(filter)]),
    );

    app.get('/folders/:id', { schema: { params: FolderParams, querystring: FolderQuery } }, async (request, reply) => {
      const { id } = request.params;
      const { files: cursor, dirs: after, failed, choose } = request.query;
      const choosing = choose === '1' && may(request, 'run');
      const onlyFailed = failed === '1';
      const [dir, settings] = await Promise.all([library.dir(id), library.settings()]);
      const filter = { dir: id, order: 'name', limit: pageSize, failed: onlyFailed } as const;
      const [trail, subdirs, files] = await partsOf(
        dir,
        { ...filter, ...(cursor !== undefined && { cursor }) },
        { parent: id, limit: pageSize, ...(after !== undefined && { cursor: after }) },
      );
      const content = FolderPage({ dir, trail, subdirs, files, onlyFailed, choosing, settings });
      return await page(reply, { title: dir.path, section: 'folders' }, content);
    });
  };
