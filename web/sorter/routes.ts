import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import type { FastifyReply } from 'fastify';
import { CodedError } from '../../model/errors.ts';
import { renderFor } from '../form.tsx';
import { partial } from '../live.ts';
import type { Web } from '../shared.ts';
import { makePlan, saveRules } from './plans.ts';
import { problemsOf, readRules, toRules, toText, type RulesProblem, type RulesText } from './rules-form.ts';
import { previewFragments, type Tried } from './rules-view.tsx';
import { numbersOf, readWanted, RootParams, SorterQuery } from './schema.ts';
import { NoStoragePage, SorterPage, type SorterPageProps } from './sorter-view.tsx';

const filesToTry = 10;
const plansOnPage = 8;
const offered = 500;

/** `/sorter`: a storage path's pattern and rules, and the plans. */
export const sorterRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, sorter, page } = web;

    /** What the rules make of real files; null where they can't be read. */
    async function tryRules(text: RulesText, problems: readonly RulesProblem[]): Promise<Tried[] | null> {
      if (problems.length > 0) return null;
      const photos = await library.photosToTry(filesToTry);
      const places = sorter.place(toRules(text), photos);
      return photos.flatMap((photo, i) => (places[i] ? { photo, place: places[i] } : []));
    }

    interface Shown {
      query?: SorterQuery;
      text?: RulesText;
      problems?: RulesProblem[];
      emptyRules?: number;
      outcome?: SorterPageProps['outcome'];
      status?: number;
    }

    async function show(
      reply: FastifyReply,
      { query = {}, emptyRules = 0, outcome = null, status = 200, ...typed }: Shown,
    ) {
      const roots = await library.roots();
      const storagePaths = roots.filter(({ kind }) => kind === 'storage');
      const head = { title: 'Sorter', section: 'sorter', status } as const;
      const storage = query.root === undefined ? storagePaths[0] : storagePaths.find(({ id }) => id === query.root);
      if (!storage) {
        if (query.root === undefined) return await page(reply, head, NoStoragePage());
        throw new CodedError('root.unknown', `There is no storage path with the number ${query.root}.`);
      }
      const text = typed.text ?? toText(await library.sorting(storage.id));
      const problems = typed.problems ?? problemsOf(toRules(text), sorter.check);
      const [tried, dirs, dir, plans] = await Promise.all([
        tryRules(text, problems),
        library.offeredDirs(storage.id, { limit: offered }),
        query.dir === undefined ? null : library.dir(query.dir),
        library.plans({ limit: plansOnPage, ...(query.before !== undefined && { before: query.before }) }),
      ]);
      const content = SorterPage({
        storage,
        storagePaths,
        dirs,
        outcome,
        rules: { root: storage.id, text, problems, emptyRules, tried },
        wanted: {
          root: storage.id,
          importPaths: roots.filter(({ kind }) => kind === 'import'),
          dir,
          files: numbersOf(query.file),
        },
        plans,
        before: plans.length === plansOnPage ? (plans.at(-1)?.id ?? null) : null,
      });
      return await page(reply, head, content);
    }

    app.get('/sorter', { schema: { querystring: SorterQuery } }, async ({ query }, reply) => {
      return await show(reply, { query, outcome: query.saved ? 'saved' : null });
    });

    app.post('/sorter/rules/:root', { schema: { params: RootParams } }, async (request, reply) => {
      const { root } = request.params;
      const query = { root };
      const text = readRules(request.body);
      const body = request.body;
      const [what, index] = String(typeof body === 'object' && body !== null && 'do' in body ? body.do : 'save').split(
        ':',
      );
      const at = Number(index);
      const { pattern, rules } = text;
      if (what === 'more') return await show(reply, { query, text, emptyRules: 1 });
      if (what === 'remove') return await show(reply, { query, text: { pattern, rules: rules.toSpliced(at, 1) } });
      if (what === 'up') {
        const moved = rules.slice(at, at + 1);
        return await show(reply, {
          query,
          text: { pattern, rules: rules.toSpliced(at, 1).toSpliced(at - 1, 0, ...moved) },
        });
      }
      const problems = problemsOf(toRules(text), sorter.check);
      if (what === 'preview') return await show(reply, { query, text, problems });
      if (problems.length > 0) return await show(reply, { query, text, problems, outcome: 'refused', status: 422 });
      await saveRules(web, root, toRules(text));
      return await reply.redirect(`/sorter?root=${root}&saved=1#rules`, 303);
    });

    const preview = { schema: { params: RootParams }, config: { changesNothing: true } };
    app.post('/sorter/rules/:root/preview', preview, async (request, reply) => {
      const text = readRules(request.body);
      const problems = problemsOf(toRules(text), sorter.check);
      const parts = previewFragments({ text, problems, tried: await tryRules(text, problems) });
      return await reply
        .type('text/html; charset=utf-8')
        .send(parts.map(({ id, view }) => partial(id, 'innerMorph', renderFor(request.visitor, view))).join(''));
    });

    app.post('/sorter/plans', async (request, reply) => {
      const { roots, ...wanted } = readWanted(request.body);
      const isAll = (await library.roots()).every(({ id, kind }) => kind === 'storage' || roots?.includes(id));
      const { id } = await makePlan(web, { ...wanted, ...(roots && !isAll && { roots }) });
      return await reply.redirect(`/sorter/plans/${id}`, 303);
    });
  };
