import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox';
import { CodedError } from '../../model/errors.ts';
import { jobKinds, type JobKind } from '../../model/job-kinds.ts';
import type { JobFilter } from '../../engine/client/job-client.ts';
import type { Job } from '../../model/job.ts';
import { assertMay, rightToStart, rightToSteer } from '../access/door.ts';
import { goBack } from '../back.ts';
import type { Web } from '../shared.ts';
import type { Fragment } from '../live.ts';
import { Live } from '../parts.tsx';
import { readFailures } from '../situation.ts';
import { AboutGroup, GroupFilters, GroupLive, groupUrl, jobGroups, type JobGroup } from './group-view.tsx';
import { jobUrl } from './job-url.ts';
import { JobLive, JobPage, LogLines, type JobDetail } from './job-view.tsx';
import { JobsPage, OverviewLive, type Overview } from './overview-view.tsx';
import { GroupFilter, JobParams, JobQuery, readStartForm } from './schema.ts';
import { jobActions, steer } from './steer.ts';

/** The engine runs for ever, and who tries a picture sees what comes of it on that page. */
const shownKinds = jobKinds.filter((kind) => kind !== 'engine' && kind !== 'tryFile' && kind !== 'tryFaces');
const kindsOf = (group: JobGroup): JobKind[] => group.kinds.flatMap(([kind]) => (kind === '' ? [] : [kind]));
const pageSize = 50;
const logSize = 200;

/** `/jobs`, `/jobs/import` and a page for each job, with the buttons that start and steer them. */
export const jobRoutes =
  (web: Web): FastifyPluginAsyncTypebox =>
  async (app) => {
    const { jobs, library, live } = web;

    const readOverview = web.situation.lately(async (): Promise<Overview> => {
      const [engine, failures, running, latest] = await Promise.all([
        jobs.engineStatus(),
        readFailures(jobs, 10),
        jobs.list({ kinds: shownKinds, status: 'running', limit: 30 }),
        jobs.list({ kinds: shownKinds.filter((kind) => kind !== 'dirChain'), limit: 30 }),
      ]);
      const ended = latest.jobs.filter((job) => job.endedAt !== null);
      // Paused jobs and those that wait for a person have not ended either.
      const others = latest.jobs.filter((job) => job.endedAt === null && job.status !== 'running');
      return { engine, failures, running: [...others, ...running.jobs], ended };
    });
    const overview = async (): Promise<Fragment> => ({ id: 'jobs-live', view: OverviewLive(await readOverview()) });

    const listJobs = web.situation.lately((filter: JobFilter) => jobs.list(filter));
    const listOf = async (group: JobGroup, filter: GroupFilter): Promise<Fragment> => {
      const found = await listJobs({
        kinds: filter.kind ? [filter.kind] : kindsOf(group),
        ...(filter.status && { status: filter.status }),
        ...(filter.cursor && { cursor: filter.cursor }),
        limit: pageSize,
      });
      return { id: 'group-live', view: GroupLive({ ...found, group, filter }) };
    };

    /** The job, or null when Temporal does not know it any more. */
    const known = async (id: string): Promise<Job | null> => {
      try {
        return await jobs.get(id);
      } catch (error) {
        if (error instanceof CodedError && error.code === 'job.unknown') return null;
        throw error;
      }
    };

    const detail = async (id: string, cursor?: string): Promise<JobDetail> => {
      const job = await jobs.get(id);
      const [waitsFor, autoFailed, children] = await Promise.all([
        Promise.all(job.waitsFor.slice(0, 20).map(async (other) => ({ id: other, job: await known(other) }))),
        jobs.list({ autoFailedBy: id, limit: pageSize }),
        jobs.list({ parent: id, limit: pageSize, ...(cursor && { cursor }) }),
      ]);
      return { job, waitsFor, autoFailed: autoFailed.jobs, children: children.jobs, nextChildren: children.next };
    };

    live.topic('jobs', { fragments: async () => [await overview()] });
    for (const group of Object.values(jobGroups)) {
      live.topic(group.name, {
        fragments: async (query) => [await listOf(group, Object.fromEntries(new URLSearchParams(query)))],
      });
    }
    live.topic('job', {
      fragments: async (id) => [{ id: 'job-live', view: JobLive(await detail(id)) }],
      tail: async (job, after) => {
        const lines = await library.log({ job, after, limit: logSize });
        const last = lines.at(-1);
        return last ? { id: 'log', view: LogLines({ lines }), last: last.id } : null;
      },
    });

    app.get('/jobs', async (_request, reply) => {
      const content = JobsPage({
        title: 'Jobs',
        back: '/jobs',
        tab: 'all',
        children: Live({ fragment: await overview() }),
      });
      return await web.page(reply, { title: 'Jobs', section: 'jobs', reloads: true, live: { topic: 'jobs' } }, content);
    });

    for (const group of Object.values(jobGroups)) {
      app.get(`/jobs/${group.name}`, { schema: { querystring: GroupFilter } }, async (request, reply) => {
        const filter = request.query;
        const { title, name } = group;
        const children = [
          AboutGroup({ group }),
          GroupFilters({ group, filter }),
          Live({ fragment: await listOf(group, filter) }),
        ];
        const content = JobsPage({ title, back: groupUrl(group, filter), tab: name, children });
        const topic = { topic: name, arg: new URLSearchParams(filter).toString() };
        return await web.page(reply, { title, section: 'jobs', live: topic }, content);
      });
    }

    app.get('/jobs/job/:id', { schema: { params: JobParams, querystring: JobQuery } }, async (request, reply) => {
      const { id } = request.params;
      const { cursor } = request.query;
      const [found, log] = await Promise.all([detail(id, cursor), library.log({ job: id, limit: logSize })]);
      const content = JobPage({ job: found.job, log, live: { id: 'job-live', view: JobLive(found) } });
      const after = log.at(-1)?.id ?? 0;
      // Further pages of children stand still; the first one goes on by itself.
      const topic = cursor === undefined ? { live: { topic: 'job', arg: id, after } } : {};
      return await web.page(reply, { title: found.job.title, section: 'jobs', reloads: true, ...topic }, content);
    });

    app.post('/jobs/import-all', async (request, reply) => {
      const body = request.body;
      const deep = typeof body === 'object' && body !== null && 'deep' in body;
      await jobs.importAll({ deep });
      live.wake();
      return goBack(request, reply, '/jobs');
    });

    app.post('/jobs/start', async (request, reply) => {
      const wanted = readStartForm(request.body);
      assertMay(request, rightToStart(wanted));
      const { id } = await jobs.start(wanted);
      live.wake();
      return goBack(request, reply, jobUrl(id), id);
    });

    for (const action of jobActions) {
      const options = { schema: { params: JobParams }, config: { right: rightToSteer(action) } };
      app.post(`/jobs/job/:id/${action}`, options, async (request, reply) => {
        const { id } = request.params;
        await steer(web, request, { id, action });
        return goBack(request, reply, jobUrl(id));
      });
    }
  };
