import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { followUp } from '../jobs/follow-up.ts';
import type { Web } from '../shared.ts';
import { PersonParams, readName } from './schema.ts';
import { SplitPage } from './split-view.tsx';

const pageSize = 120;

const Page = Type.Object({ page: Type.Optional(Type.Integer({ minimum: 0, maximum: 100_000, default: 0 })) });
const Ids = Type.Union([
  Type.String({ pattern: '^\\d{1,9}$' }),
  Type.Array(Type.String({ pattern: '^\\d{1,9}$' }), { maxItems: 1000 }),
]);
const SplitForm = Type.Object({ face: Type.Optional(Ids), refimg: Type.Optional(Ids) });

/** Faces of one person that are another one's. */
export const splitRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, live, page } = web;

    app.get('/people/:id/split', { schema: { params: PersonParams, querystring: Page } }, async (request, reply) => {
      const { id } = request.params;
      const at = request.query.page ?? 0;
      const [person, people, refimgs, faces] = await Promise.all([
        library.person(id),
        library.peopleToChoose(),
        library.refimgs(id),
        library.facesOfPerson(id, { offset: at * pageSize, limit: pageSize + 1 }),
      ]);
      const shown = faces.slice(0, pageSize);
      const content = SplitPage({ person, people, refimgs, faces: shown, page: at, more: faces.length > pageSize });
      return await page(reply, { title: `Split ${person.name}`, section: 'people' }, content);
    });

    app.post('/people/:id/split', { schema: { params: PersonParams } }, async (request, reply) => {
      const name = readName(request.body);
      const into = await moveToOther(web, request.params.id, name, readSplit(request.body));
      live.wake();
      return await reply.redirect(`/people/${into}`, 303);
    });
  };

/** Throws request.invalid. */
function readSplit(body: unknown): { faces: number[]; refimgs: number[] } {
  if (!Value.Check(SplitForm, body)) throw new CodedError('request.invalid', 'Faces are told by their numbers.');
  const numbers = (ids: string | string[] | undefined) => [ids ?? []].flat().map(Number);
  return { faces: numbers(body.face), refimgs: numbers(body.refimg) };
}

/**
 * Moves faces and reference images to the person with this name, or to a new one, and looks for both again.
 * @returns the number of the other person. Throws request.invalid, person.unknown.
 */
export async function moveToOther(
  { library, jobs }: Pick<Web, 'library' | 'jobs'>,
  from: number,
  name: string,
  split: { faces: readonly number[]; refimgs: readonly number[] },
): Promise<number> {
  if (split.faces.length + split.refimgs.length === 0) throw new CodedError('request.invalid', 'Nothing was chosen.');
  await library.person(from);
  const into = await library.personNamed(name);
  if (into === from) throw new CodedError('request.invalid', 'They have this name already.');
  await library.splitPerson({ from, into }, split);
  await followUp({ kind: 'identifyPerson', all: true }, async () => {
    for (const person of [from, into]) await jobs.start({ kind: 'identifyPerson', person, all: true });
  });
  return into;
}
