import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { PersonName } from '../../model/people.ts';
import { jobUrl } from '../jobs/job-url.ts';
import type { Web } from '../shared.ts';
import { RegionPage } from './region-view.tsx';

export const mostNames = 500;

const Texts = (text: ReturnType<typeof Type.String>) => Type.Union([text, Type.Array(text, { maxItems: mostNames })]);
const RegionForm = Type.Object({
  take: Type.Optional(Texts(Type.String({ pattern: '^\\d{1,4}$' }))),
  name: Texts(Type.String({ maxLength: 200 })),
  as: Texts(Type.String({ maxLength: 200 })),
});

/** Names that are written in files. */
export const regionRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, page } = web;

    app.get('/people/regions', async (_request, reply) => {
      const [names, people] = await Promise.all([library.writtenNames(mostNames), library.peopleToChoose()]);
      const content = RegionPage({ names, people, most: mostNames });
      return await page(reply, { title: 'Names in your files', section: 'people' }, content);
    });

    app.post('/people/regions', async (request, reply) => {
      const id = await takeOver(web, readChoice(request.body));
      return await reply.redirect(jobUrl(id), 303);
    });
  };

/** Throws request.invalid. */
function readChoice(body: unknown): { name: string; as: string }[] {
  if (!Value.Check(RegionForm, body)) throw new CodedError('request.invalid', 'The form does not say which names.');
  const [take, name, as] = [body.take ?? [], body.name, body.as].map((each) => [each].flat());
  return (take ?? []).flatMap((i) => {
    const [its, other] = [name?.[Number(i)], as?.[Number(i)]?.trim()];
    return its !== undefined && other !== undefined && Value.Check(PersonName, other) ? [{ name: its, as: other }] : [];
  });
}

/** Starts to take over names, each as the person named so, or as a new one. @returns the job. Throws request.invalid. */
export async function takeOver(
  { library, jobs }: Pick<Web, 'library' | 'jobs'>,
  chosen: readonly { name: string; as: string }[],
): Promise<string> {
  if (chosen.length === 0) throw new CodedError('request.invalid', 'No name was chosen.');
  const names: { name: string; person: number }[] = [];
  for (const { name, as } of chosen) names.push({ name, person: await library.personNamed(as) });
  return (await jobs.takeOverRegions(names)).id;
}
