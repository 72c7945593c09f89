import Type from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { Say } from '../../model/people.ts';

export const FaceParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }) });

const SayForm = Type.Object({
  do: Type.String(),
  person: Type.Optional(Type.String({ pattern: '^\\d{0,9}$' })),
  name: Type.Optional(Type.String({ maxLength: 200 })),
  reference: Type.Optional(Type.String()),
});

/** What a form says of a face, and whether the face is to be a reference image, too. Throws request.invalid. */
export function readSayForm(body: unknown): { said: Say; reference: boolean } {
  if (Value.Check(SayForm, body)) {
    const name = body.name?.trim() ?? '';
    const who = name !== '' ? { name } : { person: Number(body.person) };
    const said =
      body.do === 'ignored' || body.do === 'not a face'
        ? { do: 'mark', mark: body.do }
        : body.do === 'unmark'
          ? { do: 'mark', mark: null }
          : { do: body.do, ...who };
    if (Value.Check(Say, said)) return { said, reference: body.reference !== undefined };
  }
  throw new CodedError('request.invalid', 'The form does not say who this is.');
}
