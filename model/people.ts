import Type, { type Static } from 'typebox';

export const PersonName = Type.String({ minLength: 1, maxLength: 200, pattern: '\\S' });

export const Person = Type.Object({
  id: Type.Integer(),
  name: PersonName,
  /** Of its own; null: the general one. */
  threshold: Type.Union([Type.Number(), Type.Null()]),
  hidden: Type.Boolean(),
  refimgs: Type.Integer(),
  activeRefimgs: Type.Integer(),
  /** Faces with this name, also those that are only perhaps this person. */
  faces: Type.Integer(),
  confirmed: Type.Integer(),
  perhaps: Type.Integer(),
  /** The reference image that stands for the person. */
  cover: Type.Union([Type.Integer(), Type.Null()]),
});
export type Person = Static<typeof Person>;
