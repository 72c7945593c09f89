import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { Move, MoveState, Plan, PlanCounts, PlannedDir, PlanWanted, UnitChoice } from '../../model/move-plan.ts';
import type { Web } from '../shared.ts';
import { approve, choose, makePlan, remakePlan, takeBack } from '../sorter/plans.ts';
import { FileParams as PlanParams, Started, refused } from './schema.ts';

const Limit = Type.Integer({ minimum: 1, maximum: 1000, default: 100 });
const Cursor = Type.Integer({ minimum: 0, description: '`next` of the page before' });
const Next = Type.Union([Type.Integer(), Type.Null()]);
const Key = Type.String({ maxLength: 8000, pattern: '^[A-Za-z0-9+/]*={0,2}$' });
const note = Type.Union([PlanCounts.properties.notes.items.properties.note]);
const left = Type.Union([PlanCounts.properties.left.items.properties.because]);

export const PlansReply = Type.Object({ plans: Type.Array(Plan), next: Next });
export const PlanReply = Type.Interface([Plan], { counts: PlanCounts });
export const PlannedDirsReply = Type.Object({ dirs: Type.Array(PlannedDir) });
export const MovesReply = Type.Object({ moves: Type.Array(Move), next: Next });

/** Plans of moves, as JSON. */
export const planApi =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, live } = web;

    const planWithCounts = async (id: number) => {
      const [plan, counts] = await Promise.all([library.plan(id), library.planCounts(id)]);
      return { ...plan, counts };
    };

    app.get(
      '/plans',
      {
        schema: {
          summary: 'Plans, the newest first; those that were thrown away are left out',
          querystring: Type.Object({ cursor: Type.Optional(Cursor), limit: Type.Optional(Limit) }),
          response: { 200: PlansReply, ...refused },
        },
      },
      async ({ query: { cursor, limit = 100 } }) => {
        const plans = await library.plans({ limit, ...(cursor !== undefined && { before: cursor }) });
        return { plans, next: plans.length === limit ? (plans.at(-1)?.id ?? null) : null };
      },
    );

    app.post(
      '/plans',
      {
        schema: {
          summary: 'Make a plan of what would go where; nothing moves by it',
          body: PlanWanted,
          response: { 202: Type.Object({ id: Type.Integer(), job: Type.String() }), ...refused },
        },
      },
      async ({ body }, reply) => await reply.code(202).send(await makePlan(web, body)),
    );

    app.get(
      '/plans/:id',
      {
        schema: {
          summary: 'A plan, its account, and how many files need a person’s eyes or stay',
          params: PlanParams,
          response: { 200: PlanReply, ...refused },
        },
      },
      async ({ params }) => await planWithCounts(params.id),
    );

    app.get(
      '/plans/:id/dirs',
      {
        schema: {
          summary: 'The directories right below one of the storage path, as the plan fills them',
          params: PlanParams,
          querystring: Type.Object({
            under: Type.Optional(Type.Union([Key], { description: 'its key; without it the storage path itself' })),
          }),
          response: { 200: PlannedDirsReply, ...refused },
        },
      },
      async ({ params, query }) => {
        await library.plan(params.id);
        return { dirs: await library.plannedDirs(params.id, query.under ?? '') };
      },
    );

    app.get(
      '/plans/:id/moves',
      {
        schema: {
          summary: 'The files of a plan; the parts of a picture follow it',
          params: PlanParams,
          querystring: Type.Object({
            dir: Type.Optional(Type.Union([Key], { description: 'only files that go right into it, by its key' })),
            note: Type.Optional(note),
            left: Type.Optional(left),
            state: Type.Optional(MoveState),
            cursor: Type.Optional(Cursor),
            limit: Type.Optional(Limit),
          }),
          response: { 200: MovesReply, ...refused },
        },
      },
      async ({ params, query }) => {
        await library.plan(params.id);
        return await library.moves({ plan: params.id, limit: 100, ...query });
      },
    );

    app.put(
      '/plans/:id',
      {
        schema: {
          summary: 'Ask for something else: a draft is made anew',
          params: PlanParams,
          body: PlanWanted,
          response: { 202: Started, ...refused },
        },
      },
      async ({ params, body }, reply) => await reply.code(202).send({ id: await remakePlan(web, params.id, body) }),
    );

    app.post(
      '/plans/:id/choose',
      {
        schema: {
          summary: 'Decide for some pictures of a draft, which is made anew',
          params: PlanParams,
          body: UnitChoice,
          response: { 202: Started, ...refused },
        },
      },
      async ({ params, body }, reply) => await reply.code(202).send({ id: await choose(web, params.id, body) }),
    );

    app.post(
      '/plans/:id/approve',
      {
        config: { right: 'move' },
        schema: {
          summary: 'Approve a draft: its files are moved',
          params: PlanParams,
          body: Type.Union([
            Type.Object(
              {
                seen: Type.Optional(
                  Type.Integer({ description: '`changes` of the plan that was seen: no other one is approved' }),
                ),
              },
              { additionalProperties: false },
            ),
            Type.Null(),
          ]),
          response: { 202: Started, ...refused },
        },
      },
      async ({ params, body }, reply) =>
        await reply.code(202).send({ id: await approve(web, params.id, body?.seen ?? null) }),
    );

    app.post(
      '/plans/:id/discard',
      { schema: { summary: 'Throw a draft away', params: PlanParams, response: { 200: Plan, ...refused } } },
      async ({ params }) => {
        await library.discardPlan(params.id);
        live.wake();
        return await library.plan(params.id);
      },
    );

    app.post(
      '/plans/:id/undo',
      {
        config: { right: 'move' },
        schema: {
          summary: 'Take files back where they were: all that a plan moved, or some pictures',
          params: PlanParams,
          body: Type.Union([
            Type.Object({ units: Type.Optional(UnitChoice.properties.units) }, { additionalProperties: false }),
            Type.Null(),
          ]),
          response: { 202: Started, ...refused },
        },
      },
      async ({ params, body }, reply) =>
        await reply.code(202).send({ id: await takeBack(web, params.id, body?.units ?? null) }),
    );
  };
