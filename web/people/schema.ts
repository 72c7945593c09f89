import Type from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { PersonName } from '../../model/people.ts';

export const PersonParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }) });

export const ReviewQuery = Type.Object({ person: Type.Optional(Type.Integer({ minimum: 1 })) });

const AddForm = Type.Object({ name: PersonName });

/** Throws request.invalid. */
export function readName(body: unknown): string {
  if (Value.Check(AddForm, body)) return body.name.trim();
  throw new CodedError('request.invalid', 'A name is needed, of at most 200 letters.');
}

const ChangeForm = Type.Object({
  name: Type.Optional(PersonName),
  hidden: Type.Optional(Type.Enum(['yes', 'no'])),
  threshold: Type.Optional(Type.String({ pattern: '^$|^0?\\.\\d+$' })),
});

/** What a form changes of a person; an empty threshold is the general one. Throws request.invalid. */
export function readChange(body: unknown): { name?: string; hidden?: boolean; threshold?: number | null } {
  if (!Value.Check(ChangeForm, body)) {
    throw new CodedError('request.invalid', 'A name has 1 to 200 letters, a threshold lies between 0.2 and 0.8.');
  }
  const { name, hidden, threshold } = body;
  return {
    ...(name === undefined ? {} : { name: name.trim() }),
    ...(hidden === undefined ? {} : { hidden: hidden === 'yes' }),
    ...(threshold === undefined ? {} : { threshold: threshold === '' ? null : Number(threshold) }),
  };
}

const IntoForm = Type.Object({ into: Type.String({ pattern: '^\\d{1,9}$' }) });

/** Throws request.invalid. */
export function readInto(body: unknown): number {
  if (Value.Check(IntoForm, body)) return Number(body.into);
  throw new CodedError('request.invalid', 'The form does not say whose name it is.');
}
