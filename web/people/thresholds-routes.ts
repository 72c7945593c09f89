import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import Value from 'typebox/value';
import { accuracyAt } from '../../model/distances.ts';
import { CodedError } from '../../model/errors.ts';
import { jobId } from '../../model/job-kinds.ts';
import type { MeasuredFaces } from '../people-library.ts';
import { save } from '../settings/form.ts';
import type { Web } from '../shared.ts';
import { jobOf } from './job-of.ts';
import { PersonParams } from './schema.ts';
import { factsOfAll, factsOfPerson } from './threshold-facts.ts';
import { ThresholdsPage } from './thresholds-view.tsx';

const Query = Type.Object({ saved: Type.Optional(Type.Literal('1')) });

const ThresholdForm = Type.Object({ threshold: Type.String({ pattern: '^$|^0?\\.\\d+$' }) });

/** What distances tell of the threshold in force, for everybody and for one person, and the form that sets it. */
export const thresholdRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { library, page } = web;
    const params = PersonParams;
    const querystring = Query;
    /** The newest run of the measuring, and whether there is anything to be measured. Looking at a page starts nothing. */
    const howMeasured = async ({ faces }: MeasuredFaces) => ({
      job: await jobOf(web.jobs, jobId.measureDistances()),
      measurable: faces >= 2,
    });

    app.get('/people/thresholds', { schema: { querystring } }, async (request, reply) => {
      const [measured, settings] = await Promise.all([library.distances(), library.settings()]);
      const general = settings.nameThreshold;
      const content = ThresholdsPage({
        facts: factsOfAll(measured, settings),
        person: null,
        rows: measured.people.map(({ person: id, name, threshold, ...counts }) => ({
          ...{ id, name, threshold },
          now: accuracyAt(counts, threshold ?? general),
        })),
        general,
        ...(await howMeasured(measured)),
        saved: request.query.saved !== undefined,
      });
      return await page(reply, { title: 'Thresholds', section: 'people' }, content);
    });

    app.get('/people/:id/thresholds', { schema: { params, querystring } }, async (request, reply) => {
      const [measured, settings, person] = await Promise.all([
        library.distances(),
        library.settings(),
        library.person(request.params.id),
      ]);
      const content = ThresholdsPage({
        facts: factsOfPerson(measured, person, settings),
        person,
        rows: [],
        general: settings.nameThreshold,
        ...(await howMeasured(measured)),
        saved: request.query.saved !== undefined,
      });
      return await page(reply, { title: `Threshold of ${person.name}`, section: 'people' }, content);
    });

    app.post('/people/thresholds', { config: { right: 'own' } }, async (request, reply) => {
      const nameThreshold = readThreshold(request.body);
      if (nameThreshold === null) throw new CodedError('setting.invalid', 'A threshold is needed, from 0.2 to 0.8.');
      await save(web, { ...(await library.settings()), nameThreshold });
      return await reply.redirect('/people/thresholds?saved=1', 303);
    });

    app.post('/people/:id/thresholds', { schema: { params } }, async (request, reply) => {
      const { id } = request.params;
      await library.changePerson(id, { threshold: readThreshold(request.body) });
      return await reply.redirect(`/people/${id}/thresholds?saved=1`, 303);
    });
  };

/** Null where the field is empty. Throws setting.invalid. */
function readThreshold(body: unknown): number | null {
  if (Value.Check(ThresholdForm, body)) {
    if (body.threshold === '') return null;
    const threshold = Number(body.threshold);
    if (threshold >= 0.2 && threshold <= 0.8) return threshold;
  }
  throw new CodedError('setting.invalid', 'A threshold lies between 0.2 and 0.8.');
}
