import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { Job, StartJob } from '../../model/job.ts';

/** The query of `/jobs/import`, `/jobs/ai` and `/jobs/move`; an empty value is no filter. */
export const GroupFilter = Type.Object({
  status: Type.Optional(Type.Enum(['', 'running', 'completed', 'failed', 'canceled', 'paused', 'needs-approval'])),
  kind: Type.Optional(Type.Union([Type.Literal(''), Job.properties.kind])),
  cursor: Type.Optional(Type.String({ maxLength: 2000 })),
});
export type GroupFilter = Static<typeof GroupFilter>;

export const JobParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 300 }) });

export const JobQuery = Type.Object({ cursor: Type.Optional(Type.String({ maxLength: 2000 })) });

const StartForm = Type.Object({
  kind: Type.String(),
  root: Type.Optional(Type.String({ pattern: '^\\d{1,9}$' })),
  dir: Type.Optional(Type.String({ pattern: '^\\d{1,9}$' })),
  person: Type.Optional(Type.String({ pattern: '^\\d{1,9}$' })),
  plan: Type.Optional(Type.String({ pattern: '^\\d{1,9}$' })),
  all: Type.Optional(Type.Literal('on')),
  deep: Type.Optional(Type.Literal('on')),
  acceptDevice: Type.Optional(Type.Literal('on')),
});

/** The job a form asks for. Throws request.invalid. */
export function readStartForm(body: unknown): StartJob {
  if (Value.Check(StartForm, body)) {
    const job = {
      kind: body.kind,
      ...(body.root === undefined ? {} : { root: Number(body.root) }),
      ...(body.dir === undefined ? {} : { dir: Number(body.dir) }),
      ...(body.person === undefined ? {} : { person: Number(body.person) }),
      ...(body.plan === undefined ? {} : { plan: Number(body.plan) }),
      ...(body.all && { all: true }),
      ...(body.deep && { deep: true }),
      ...(body.acceptDevice && { acceptDevice: true }),
    };
    if (Value.Check(StartJob, job)) return job;
  }
  throw new CodedError('request.invalid', 'The form does not name a job that can be started.');
}
