import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { SayOfGroup } from '../../model/face-groups.ts';
import { jobId } from '../../model/job-kinds.ts';
import type { Web } from '../shared.ts';
import { jobOf } from './job-of.ts';
import { PersonParams } from './schema.ts';
import { tellOfGroup } from './tell-of-group.ts';
import { GroupPage, UnknownPage } from './unknown-view.tsx';

const groupsOfPage = 20;
/** A page with more crops is no longer looked through; the name is given to all faces of the group nevertheless. */
const mostShown = 500;

const Told = Type.Object({
  cursor: Type.Optional(Type.String({ pattern: '^\\d{1,9}-\\d{1,10}$' })),
  /** What was just said: how many faces got a name, whose, and how many did not; or were set aside. */
  named: Type.Optional(Type.Integer({ minimum: 0 })),
  person: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 })),
  left: Type.Optional(Type.Integer({ minimum: 0 })),
  aside: Type.Optional(Type.Integer({ minimum: 0 })),
});

/** Faces without a name, grouped by likeness; a group is named, or set aside, as a whole. */
export const unknownRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, jobs, live, page } = web;

    app.get('/people/unknown', { schema: { querystring: Told } }, async (request, reply) => {
      const { cursor, named, person: id, left = 0, aside } = request.query;
      const [found, people, job, person] = await Promise.all([
        library.unknownFaces({ limit: groupsOfPage, ...(cursor === undefined ? {} : { cursor }) }),
        library.peopleToChoose(),
        jobOf(jobs, jobId.groupFaces()),
        id === undefined ? null : library.person(id),
      ]);
      const told = named !== undefined && person ? { named, person, left } : aside !== undefined ? { aside } : null;
      const content = UnknownPage({ found, people, job, told });
      return await page(reply, { title: 'Unknown faces', section: 'people' }, content);
    });

    app.get('/people/unknown/:id', { schema: { params: PersonParams } }, async (request, reply) => {
      const [group, grouping, people] = await Promise.all([
        library.faceGroup(request.params.id, mostShown),
        library.grouping(),
        library.peopleToChoose(),
      ]);
      const content = GroupPage({ group, grouping: grouping?.id ?? 0, people });
      return await page(reply, { title: 'Unknown faces', section: 'people' }, content);
    });

    app.post('/people/unknown/:id', { schema: { params: PersonParams } }, async (request, reply) => {
      const said = readGroupForm(request.body);
      const { person, faces, left } = await tellOfGroup(web, request.params.id, said);
      live.wake();
      const told = person === null ? `aside=${faces.length}` : `named=${faces.length}&person=${person}&left=${left}`;
      return await reply.redirect(`/people/unknown?${told}`, 303);
    });
  };

const Ids = Type.String({ pattern: '^\\d{1,10}(,\\d{1,10})*$' });
const Id = Type.String({ pattern: '^\\d{1,10}$' });
const GroupForm = Type.Object({
  do: Type.String(),
  grouping: Id,
  /** The faces that could be ticked, and those that were: a group has more of them than a page shows. */
  shown: Ids,
  face: Type.Optional(Type.Union([Id, Type.Array(Id)])),
  name: Type.Optional(Type.String({ maxLength: 200 })),
});

/** What a form says of a group: all of it is meant, but for what was shown and is not ticked. Throws request.invalid. */
function readGroupForm(body: unknown): SayOfGroup {
  if (Value.Check(GroupForm, body)) {
    const ticked = new Set([body.face ?? []].flat());
    const except = body.shown
      .split(',')
      .filter((id) => !ticked.has(id))
      .map(Number);
    const of = { grouping: Number(body.grouping), except };
    const said =
      body.do === 'confirm'
        ? { do: 'confirm', name: body.name?.trim() ?? '', ...of }
        : { do: 'mark', mark: body.do, ...of };
    if (Value.Check(SayOfGroup, said)) return said;
  }
  throw new CodedError('request.invalid', 'The form does not say who these are.');
}
