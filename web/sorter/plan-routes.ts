import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { CodedError } from '../../model/errors.ts';
import type { Job } from '../../model/job.ts';
import { jobId } from '../../model/job-kinds.ts';
import type { Plan } from '../../model/move-plan.ts';
import { goBack } from '../back.ts';
import { whenEnded } from '../jobs/when-ended.ts';
import { jobOf } from '../people/job-of.ts';
import type { Web } from '../shared.ts';
import { trailOf } from './dir-key.ts';
import { planUrl } from './plan-url.ts';
import { PlanPage, type ShownFiles } from './plan-view.tsx';
import { approve, choose, remakePlan, takeBack } from './plans.ts';
import { PlanParams, PlanQuery, readChange, readChoice, readSeen, readUndo } from './schema.ts';

const pageSize = 60;
const offered = 500;
/** Most plans are made anew in less; a page that comes sooner looks again by itself. Milliseconds. */
const patience = 3_000;

/** The page of a plan, and what people decide on it. */
export const planRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, jobs, live, page } = web;

    /** The files of a plan that the query asks for, with all that stands around them. */
    async function shownFiles(plan: Plan, query: PlanQuery): Promise<ShownFiles | null> {
      if (plan.state === 'making' || plan.state === 'discarded') return null;
      const open = trailOf(query.dir ?? '');
      const [counts, levels, found, dirs] = await Promise.all([
        library.planCounts(plan.id),
        Promise.all(open.map(async (key) => [key, await library.plannedDirs(plan.id, key)] as const)),
        library.moves({ plan: plan.id, limit: pageSize, ...query }),
        plan.state === 'draft' ? library.offeredDirs(plan.wanted.root, { limit: offered }) : [],
      ]);
      return { query, counts, levels: new Map(levels), ...found, dirs };
    }

    app.get('/sorter/plans/:id', { schema: { params: PlanParams, querystring: PlanQuery } }, async (request, reply) => {
      const plan = await library.plan(request.params.id);
      const [shown, { job, jobsAway }] = await Promise.all([shownFiles(plan, request.query), jobOfPlan(jobs, plan)]);
      const head = { title: `Plan ${plan.id}`, section: 'sorter' } as const;
      return await page(reply, head, PlanPage({ plan, job, jobsAway, shown }));
    });

    app.post('/sorter/plans/:id', { schema: { params: PlanParams } }, async (request, reply) => {
      const { id } = request.params;
      const { wanted } = await library.plan(id);
      await soon(await remakePlan(web, id, readChange(request.body, wanted)));
      return await reply.redirect(planUrl(id), 303);
    });

    app.post('/sorter/plans/:id/choose', { schema: { params: PlanParams } }, async (request, reply) => {
      const { id } = request.params;
      await soon(await choose(web, id, readChoice(request.body)));
      return goBack(request, reply, planUrl(id));
    });

    const moves = { schema: { params: PlanParams }, config: { right: 'move' } } as const;
    app.post('/sorter/plans/:id/approve', moves, async (request, reply) => {
      await approve(web, request.params.id, readSeen(request.body));
      return goBack(request, reply, planUrl(request.params.id));
    });

    app.post('/sorter/plans/:id/discard', { schema: { params: PlanParams } }, async (request, reply) => {
      await library.discardPlan(request.params.id);
      live.wake();
      return goBack(request, reply, '/sorter');
    });

    app.post('/sorter/plans/:id/undo', moves, async (request, reply) => {
      const { id } = request.params;
      await takeBack(web, id, readUndo(request.body));
      return goBack(request, reply, planUrl(id));
    });

    /** The page that comes next shows the plan as it is then; where its job failed, it says so. */
    async function soon(job: string): Promise<void> {
      await whenEnded(jobs, job, patience).catch(() => undefined);
    }
  };

/** The job that works on a plan, or did last. */
async function jobOfPlan(jobs: Web['jobs'], plan: Plan): Promise<{ job: Job | null; jobsAway: boolean }> {
  const ids =
    plan.approvedAt === null ? [jobId.planMoves(plan.id)] : [jobId.moveFiles(plan.id), jobId.undoMoves(plan.id)];
  try {
    const found = await Promise.all(ids.map((id) => jobOf(jobs, id)));
    const [newest = null] = found
      .filter((job) => job !== null)
      .toSorted(
        (a, b) => Number(b.endedAt === null) - Number(a.endedAt === null) || b.startedAt.localeCompare(a.startedAt),
      );
    return { job: newest, jobsAway: false };
  } catch (error) {
    if (error instanceof CodedError && error.code === 'temporal.unavailable') return { job: null, jobsAway: true };
    throw error;
  }
}
