import Type, { type Static } from 'typebox';
import { Nullable } from './nullable.ts';
import { Mark, PersonName } from './people.ts';

const Id = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 });

/** The last run that grouped faces without a name. */
export const Grouping = Type.Object({
  /** Its number: what is said of a group is said of this run's. */
  id: Type.Integer(),
  at: Type.String({ format: 'date-time' }),
  /** Faces that were compared. */
  faces: Type.Integer(),
  /** Older faces that were not, because there were too many. */
  leftOut: Type.Integer(),
});
export type Grouping = Static<typeof Grouping>;

/** Faces that look alike and have no name yet. */
export const FaceGroup = Type.Object({
  id: Type.Integer(),
  count: Type.Integer(),
  /** The first of its faces, those that show the person best. */
  faces: Type.Array(Type.Object({ id: Type.Integer(), file: Type.Integer() })),
});
export type FaceGroup = Static<typeof FaceGroup>;

export const UnknownFaces = Type.Object({
  grouping: Nullable(Grouping),
  /** Faces without a name that stands, in groups or not. */
  unknown: Type.Integer(),
  /** Of these, those that came after the grouping. */
  newer: Type.Integer(),
  /** Of these, those that are in a group. */
  grouped: Type.Integer(),
  /** How many groups there are. */
  total: Type.Integer(),
  /** The largest first. */
  groups: Type.Array(FaceGroup),
  next: Nullable(Type.String()),
});
export type UnknownFaces = Static<typeof UnknownFaces>;

const OfGroup = {
  grouping: Type.Integer({ minimum: 1, description: 'the number of the grouping that the group was seen in' }),
  except: Type.Optional(Type.Array(Id, { maxItems: 50_000, description: 'faces of the group that are not meant' })),
};

/** What a person says of a whole group. */
export const SayOfGroup = Type.Union([
  Type.Object({ do: Type.Literal('confirm'), person: Id, ...OfGroup }, { additionalProperties: false }),
  Type.Object({ do: Type.Literal('confirm'), name: PersonName, ...OfGroup }, { additionalProperties: false }),
  Type.Object({ do: Type.Literal('mark'), mark: Mark, ...OfGroup }, { additionalProperties: false }),
]);
export type SayOfGroup = Static<typeof SayOfGroup>;
