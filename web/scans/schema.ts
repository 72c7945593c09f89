import Type from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { Forget } from '../../model/face-scans.ts';
import type { StartJob } from '../../model/job.ts';

const Id = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 });

/** Scans of one dir or one person are chosen by a link from their pages. */
export const ScansQuery = Type.Object({ dir: Type.Optional(Id), person: Type.Optional(Id) });

export const ResetQuery = Type.Object({ dir: Type.Optional(Id) });

const ScanForm = Type.Object({
  do: Type.Enum(['new', 'match', 'outdated', 'again']),
  where: Type.String({ pattern: '^(all|(root|dir)-\\d{1,9})$' }),
  person: Type.Optional(Type.String({ pattern: '^\\d{0,9}$' })),
});

/** The jobs that a form of the page asks for; `roots`: all paths. Throws request.invalid. */
export function readScanForm(body: unknown, roots: readonly number[]): StartJob[] {
  if (!Value.Check(ScanForm, body)) throw new CodedError('request.invalid', 'The form does not name a scan.');
  const [kind, number] = body.where.split('-');
  const id = Number(number);
  if (body.do === 'match') {
    if (kind === 'root') throw new CodedError('request.invalid', 'Faces are matched in one directory, or in all.');
    const person = Number(body.person ?? 0);
    const of = { ...(person > 0 && { person }), ...(kind === 'dir' && { dir: id }) };
    return [{ kind: 'identifyPerson', all: true, ...of }];
  }
  const how = body.do === 'new' ? {} : { [body.do]: true };
  if (kind === 'dir') return [{ kind: 'dirChain', dir: id, from: 'faces', ...how }];
  return (kind === 'root' ? [id] : roots).map((root) => ({ kind: 'facesOfPath' as const, root, ...how }));
}

const ResetForm = Type.Object({
  forget: Forget,
  dir: Type.Optional(Type.String({ pattern: '^\\d{0,9}$' })),
  rescan: Type.Optional(Type.Literal('on')),
});

/** Throws request.invalid. */
export function readResetForm(body: unknown): Extract<StartJob, { kind: 'resetFaces' }> {
  if (!Value.Check(ResetForm, body)) throw new CodedError('request.invalid', 'The form does not say what to forget.');
  const dir = Number(body.dir ?? 0);
  return { kind: 'resetFaces', forget: body.forget, ...(dir > 0 && { dir }), ...(body.rescan && { rescan: true }) };
}
