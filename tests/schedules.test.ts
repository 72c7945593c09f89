import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import Value from 'typebox/value';
import { Client, Connection, ScheduleOverlapPolicy } from '@temporalio/client';
import { scheduleNames, type ScheduleName } from '../model/job-kinds.ts';
import { RootsReply } from '../web/api/schema.ts';
import { eventually, startHouse, temporaryDir, type RunningHouse } from './support/house.ts';
import { settle, writePicture } from './support/pictures.ts';

const patience = 60_000;
const hourMs = 3_600_000;

test('what the settings ask for is done by schedules', async (t) => {
  const photos = temporaryDir(t);
  const storage = temporaryDir(t);
  await writePicture(path.join(storage, 'sorted.jpg'), 'grey');
  await writePicture(path.join(photos, 'a', 'first.jpg'), 'red');
  settle(path.join(photos, 'a'), photos);
  const house = await startHouse(t, { imports: [photos, '/not/there'], storage: [storage], faces: false });
  await house.until('awaiting jobs');
  const { roots } = Value.Parse(RootsReply, await house.get('/api/roots'));
  const idOf = (wanted: string) => roots.find((root) => root.path === wanted)?.id;
  const [first, away, sorted] = [photos, '/not/there', storage].map(idOf);
  await eventually('rest', patience, async () => (await house.status()).jobs.running === 0);
  const { temporalAddress: address, temporalNamespace: namespace } = house.house();
  const connection = await Connection.connect({ address });
  t.after(() => connection.close());
  const { schedule } = new Client({ connection, namespace });

  const save = async (settings: object) => {
    assert.equal((await house.send('PUT', '/api/settings', settings)).status, 200);
  };
  const names = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { scheduleId } of schedule.list()) found.push(scheduleId);
    return found.toSorted();
  };
  /** Runs a schedule's jobs now. @returns the job that started them */
  const trigger = async (what: ScheduleName) => {
    const before = (await scheduledJobs(house, what)).length;
    await schedule.getHandle(what).trigger();
    return await eventually(`the jobs of ${what}`, patience, async () => {
      const jobs = await scheduledJobs(house, what);
      return jobs.length > before && jobs[0];
    });
  };

  await t.test('there is one for each purpose from the start', async () => {
    await eventually('the schedules', patience, async () => (await names()).length === scheduleNames.length);
    assert.deepEqual(await names(), scheduleNames.toSorted());
    const rescan = await schedule.getHandle('rescan').describe();
    assert.deepEqual(rescan.spec.intervals, [{ every: 24 * hourMs, offset: 3 * hourMs }]);
    assert.equal(rescan.policies.overlap, ScheduleOverlapPolicy.SKIP);
    assert.equal(rescan.policies.catchupWindow, 24 * hourMs);
    const ai = await schedule.getHandle('ai').describe();
    assert.deepEqual(timesOf(ai), { hour: 3, minute: 0, zone: 'UTC' });
    assert.equal(ai.policies.catchupWindow, 24 * hourMs);
  });

  await t.test('saved settings change them at once; one that was paused stays so', async () => {
    await schedule.getHandle('ai').pause('by a person');
    await save({ rescanHours: 6, nightlyAt: '04:30', checkShare: 0 });
    const rescan = await schedule.getHandle('rescan').describe();
    assert.deepEqual(rescan.spec.intervals, [{ every: 6 * hourMs, offset: 4.5 * hourMs }]);
    const ai = await schedule.getHandle('ai').describe();
    assert.deepEqual(timesOf(ai), { hour: 4, minute: 30, zone: 'UTC' });
    assert.deepEqual(ai.state, { ...ai.state, paused: true, note: 'by a person' });
    await assert.rejects(schedule.getHandle('integrity').describe());
    await save({ rescanHours: 0 });
    await assert.rejects(schedule.getHandle('rescan').describe());
    await save({ rescanHours: 24, checkShare: 1 });
    await schedule.getHandle('rescan').describe();
    await schedule.getHandle('integrity').describe();
    await schedule.getHandle('ai').unpause();
  });

  await t.test('a time of day that is none is refused', async () => {
    for (const settings of [{ nightlyAt: '25:00' }, { nightlyAt: '' }, { quietFrom: '7' }, { rescanHours: 0.3 }])
      assert.equal((await house.send('PUT', '/api/settings', settings)).status, 400, JSON.stringify(settings));
  });

  await t.test('rescan imports every path, and a path that fails stops no other', async () => {
    const file = path.join(photos, 'b', 'second.jpg');
    await writePicture(file, 'blue');
    const { id, title } = await trigger('rescan');
    assert.match(title, /look through all paths/);
    const job = await house.ended(id);
    assert.equal(job.status, 'completed');
    assert.deepEqual(
      job.steps.map(({ name, status }) => [name, status]),
      [
        ['wait', 'done'],
        ['run', 'done'],
      ],
    );
    const [there, notThere] = await Promise.all([house.job(`import/${first}`), house.job(`import/${away}`)]);
    assert.deepEqual([there.status, there.parent], ['completed', id]);
    assert.deepEqual([notThere.status, notThere.parent], ['failed', id]);
    assert.ok((await house.files('order=name')).some((each) => each.path === file && each.readAt !== null));
    assert.match(await (await fetch(`${house.url}/jobs/import?kind=scheduled`)).text(), /look through all paths/);
  });

  await t.test(
    'what is gone is removed path by path; one that is offline is passed over, and its log says so',
    async () => {
      const { id } = await trigger('remove-missing');
      assert.equal((await house.ended(id)).status, 'completed');
      assert.equal((await house.ended(`remove/${first}`)).status, 'completed');
      await assert.rejects(house.job(`remove/${away}`));
      const log = JSON.stringify(await house.get(`/api/jobs/${encodeURIComponent(id)}/log`));
      assert.match(log, /\/not\/there is passed over: .*not mounted/);
    },
  );

  await t.test('files of storage paths are checked', async () => {
    const { id } = await trigger('integrity');
    assert.equal((await house.ended(id)).status, 'completed');
    const check = await house.job(`check/${sorted}`);
    assert.deepEqual([check.status, check.parent], ['completed', id]);
    await assert.rejects(house.job(`check/${first}`));
  });

  await t.test('faces are grouped after those of all paths were looked for', async () => {
    const { id } = await trigger('ai');
    assert.equal((await house.ended(id)).status, 'completed');
    assert.equal((await house.job('groups')).parent, id);
  });

  await t.test('in the quiet hours it waits; what a person starts runs at once', async () => {
    const hour = (ahead: number) => new Date(Date.now() + ahead * hourMs).toISOString().slice(11, 16);
    await save({ quietFrom: hour(-1), quietTo: hour(2) });
    const before = (await house.job(`import/${first}`)).runId;
    const { id } = await trigger('rescan');
    await eventually('the wait', patience, async () => (await house.job(id)).steps[0]?.status === 'running');
    assert.equal((await house.send('POST', '/api/jobs', { kind: 'scanPath', root: first })).status, 202);
    assert.equal((await house.ended(`scan/${first}`)).status, 'completed');
    assert.equal((await house.job(`import/${first}`)).runId, before);

    await save({ quietFrom: '', quietTo: '' });
    assert.equal((await house.ended(id)).status, 'completed');
    assert.notEqual((await house.job(`import/${first}`)).runId, before);
  });
});

/** The jobs that a schedule has started, the newest first. */
async function scheduledJobs(house: RunningHouse, what: ScheduleName) {
  return (await house.jobs('kind=scheduled')).filter(({ id }) => id.startsWith(`scheduled/${what}-`));
}

interface Described {
  spec: {
    calendars?: { hour: { start: number }[]; minute: { start: number }[] }[];
    timezone?: string;
  };
}

const timesOf = ({ spec: { calendars, timezone } }: Described) => ({
  hour: calendars?.[0]?.hour[0]?.start,
  minute: calendars?.[0]?.minute[0]?.start,
  zone: timezone,
});
