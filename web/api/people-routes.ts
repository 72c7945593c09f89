import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { Face, Person, PersonName, Refimg, Say } from '../../model/people.ts';
import { tellOfFace } from '../faces/tell.ts';
import { startAfter } from '../jobs/follow-up.ts';
import type { Web } from '../shared.ts';
import { FileParams, refused } from './schema.ts';

const Id = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 });
const Threshold = Type.Union([Type.Number({ minimum: 0.2, maximum: 0.8 }), Type.Null()]);

/** People, their reference images, and faces with what is said of them, as JSON. */
export const peopleApi =
  ({ library, jobs, live }: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const identify = async (person: number, all: boolean) => {
      await startAfter(jobs, { kind: 'identifyPerson', person, all });
      live.wake();
    };

    app.get(
      '/people',
      { schema: { summary: 'Everybody', response: { 200: Type.Object({ people: Type.Array(Person) }), ...refused } } },
      async () => ({ people: await library.people() }),
    );

    app.post(
      '/people',
      {
        schema: {
          summary: 'Add a person',
          body: Type.Object({ name: PersonName }, { additionalProperties: false }),
          response: { 200: Person, ...refused },
        },
      },
      async (request) => await library.person(await library.addPerson(request.body.name)),
    );

    app.get(
      '/people/:id',
      {
        schema: {
          summary: 'A person, with the reference images',
          params: FileParams,
          response: { 200: Type.Interface([Person], { references: Type.Array(Refimg) }), ...refused },
        },
      },
      async ({ params: { id } }) => {
        const [person, references] = await Promise.all([library.person(id), library.refimgs(id)]);
        return { ...person, references };
      },
    );

    app.patch(
      '/people/:id',
      {
        schema: {
          summary: 'Rename or hide a person, or give a threshold of its own',
          params: FileParams,
          body: Type.Object(
            {
              name: Type.Optional(PersonName),
              hidden: Type.Optional(Type.Boolean()),
              threshold: Type.Optional(Threshold),
            },
            { additionalProperties: false },
          ),
          response: { 200: Person, ...refused },
        },
      },
      async ({ params: { id }, body }) => {
        await library.changePerson(id, body);
        if (body.threshold !== undefined) await identify(id, true);
        return await library.person(id);
      },
    );

    app.delete(
      '/people/:id',
      {
        schema: {
          summary: 'Delete a person: names and reference images go, faces stay',
          params: FileParams,
          response: { 200: Type.Object({}), ...refused },
        },
      },
      async ({ params: { id } }) => {
        await library.deletePerson(id);
        return {};
      },
    );

    app.post(
      '/people/:id/merge',
      {
        schema: {
          summary: 'Make this person and another one the same',
          params: FileParams,
          body: Type.Object({ into: Id }, { additionalProperties: false }),
          response: { 200: Person, ...refused },
        },
      },
      async ({ params: { id }, body: { into } }) => {
        await library.mergePeople(id, into);
        await identify(into, true);
        return await library.person(into);
      },
    );

    app.post(
      '/people/:id/refimgs',
      {
        schema: {
          summary: 'Take a face of a photo as a reference image',
          params: FileParams,
          body: Type.Object({ face: Id }, { additionalProperties: false }),
          response: { 200: Type.Object({ id: Id }), ...refused },
        },
      },
      async ({ params: { id: person }, body: { face } }) => {
        await library.person(person);
        const id = await library.addFaceAsRefimg(person, face);
        await identify(person, false);
        return { id };
      },
    );

    app.patch(
      '/refimgs/:id',
      {
        schema: {
          summary: 'Switch a reference image on or off',
          params: FileParams,
          body: Type.Object({ active: Type.Boolean() }, { additionalProperties: false }),
          response: { 200: Type.Object({}), ...refused },
        },
      },
      async ({ params: { id }, body: { active } }) => {
        await library.switchRefimg(id, active);
        await identify(await library.personOfRefimg(id), true);
        return {};
      },
    );

    app.delete(
      '/refimgs/:id',
      {
        schema: {
          summary: 'Remove a reference image',
          params: FileParams,
          response: { 200: Type.Object({}), ...refused },
        },
      },
      async ({ params: { id } }) => {
        const person = await library.personOfRefimg(id);
        await library.deleteRefimg(id);
        await identify(person, true);
        return {};
      },
    );

    app.get(
      '/files/:id/faces',
      {
        schema: {
          summary: 'The faces of a file, with who they are and why',
          params: FileParams,
          response: { 200: Type.Object({ faces: Type.Array(Face) }), ...refused },
        },
      },
      async ({ params: { id } }) => {
        await library.file(id);
        return { faces: await library.facesOfFile(id) };
      },
    );

    app.get(
      '/faces/review',
      {
        schema: {
          summary: 'Names nobody has spoken on, the most doubtful first',
          querystring: Type.Object({
            person: Type.Optional(Id),
            limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50 })),
          }),
          response: { 200: Type.Object({ faces: Type.Array(Face), left: Type.Integer() }), ...refused },
        },
      },
      async ({ query }) => await library.facesToReview({ limit: 50, ...query }),
    );

    app.post(
      '/faces/:id',
      {
        schema: {
          summary: 'Say of a face who it is, who it is not, or that it is none',
          params: FileParams,
          body: Say,
          response: { 200: Face, ...refused },
        },
      },
      async ({ params: { id }, body }) => {
        await tellOfFace({ library, jobs }, id, body, false);
        live.wake();
        return await library.face(id);
      },
    );
  };
