import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { goBack } from '../back.ts';
import { FaceParams } from '../faces/schema.ts';
import { startAfter } from '../jobs/follow-up.ts';
import type { Web } from '../shared.ts';
import { PeoplePage } from './people-view.tsx';
import { PersonPage } from './person-view.tsx';
import { ReviewPage } from './review-view.tsx';
import { PersonParams, readChange, readInto, readName, ReviewQuery } from './schema.ts';

const pageSize = 60;
const reviewSize = 30;

/** People, a page for each, and the queue of names to be looked at. */
export const peopleRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, jobs, live, page, situation } = web;

    app.get('/people', async (_request, reply) => {
      const [people, { left }] = await Promise.all([library.people(), library.facesToReview({ limit: 1 })]);
      return await page(reply, { title: 'People', section: 'people' }, PeoplePage({ people, toReview: left }));
    });

    app.post('/people', async (request, reply) => {
      const id = await library.addPerson(readName(request.body));
      return await reply.redirect(`/people/${id}`, 303);
    });

    app.get('/people/review', { schema: { querystring: ReviewQuery } }, async (request, reply) => {
      const { person: id } = request.query;
      const [found, people, person] = await Promise.all([
        library.facesToReview({ limit: reviewSize, ...(id === undefined ? {} : { person: id }) }),
        library.peopleToChoose(),
        id === undefined ? null : library.person(id),
      ]);
      const content = ReviewPage({ ...found, people, person });
      return await page(reply, { title: 'Review', section: 'people' }, content);
    });

    // Who is in very many photos is counted long.
    const known = situation.lately((id: number) =>
      Promise.all([
        library.person(id),
        library.refimgs(id),
        library.tiles({ order: 'taken', person: id, limit: pageSize }),
        library.peopleToChoose(),
      ]),
    );

    app.get('/people/:id', { schema: { params: PersonParams } }, async (request, reply) => {
      const { id } = request.params;
      const [[person, refimgs, photos, people], settings] = await Promise.all([known(id), library.settings()]);
      const content = PersonPage({ person, refimgs, photos, people, threshold: settings.nameThreshold });
      return await page(reply, { title: person.name, section: 'people' }, content);
    });

    app.post('/people/:id', { schema: { params: PersonParams } }, async (request, reply) => {
      const { id } = request.params;
      const change = readChange(request.body);
      const before = await library.person(id);
      await library.changePerson(id, change);
      if (change.threshold !== undefined && change.threshold !== before.threshold) {
        await startAfter(jobs, { kind: 'identifyPerson', person: id, all: true });
      }
      return await reply.redirect(`/people/${id}`, 303);
    });

    app.post('/people/:id/merge', { schema: { params: PersonParams } }, async (request, reply) => {
      const into = readInto(request.body);
      await library.mergePeople(request.params.id, into);
      await startAfter(jobs, { kind: 'identifyPerson', person: into, all: true });
      return await reply.redirect(`/people/${into}`, 303);
    });

    app.post('/people/:id/delete', { schema: { params: PersonParams } }, async (request, reply) => {
      await library.deletePerson(request.params.id);
      return await reply.redirect('/people', 303);
    });

    for (const [action, active] of [
      ['on', true],
      ['off', false],
    ] as const) {
      app.post(`/refimgs/:id/${action}`, { schema: { params: FaceParams } }, async (request, reply) => {
        await library.switchRefimg(request.params.id, active);
        await identifyAgain(request.params.id);
        return goBack(request, reply, '/people');
      });
    }

    app.post('/refimgs/:id/delete', { schema: { params: FaceParams } }, async (request, reply) => {
      const person = await library.personOfRefimg(request.params.id);
      await library.deleteRefimg(request.params.id);
      await startAfter(jobs, { kind: 'identifyPerson', person, all: true });
      live.wake();
      return goBack(request, reply, '/people');
    });

    /** With other reference images all faces are another distance away. */
    async function identifyAgain(refimg: number): Promise<void> {
      await startAfter(jobs, { kind: 'identifyPerson', person: await library.personOfRefimg(refimg), all: true });
      live.wake();
    }
  };
