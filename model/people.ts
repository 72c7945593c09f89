import Type, { type Static } from 'typebox';
import { Nullable } from './nullable.ts';

/** No text of the database holds a NUL. */
export const PersonName = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^[^\\u0000]*[^\\s\\u0000][^\\u0000]*$',
});

export const Person = Type.Object({
  id: Type.Integer(),
  name: PersonName,
  /** Of its own; null: the general one. */
  threshold: Nullable(Type.Number()),
  hidden: Type.Boolean(),
  refimgs: Type.Integer(),
  activeRefimgs: Type.Integer(),
  /** Faces with this name, also those that are only perhaps this person. */
  faces: Type.Integer(),
  confirmed: Type.Integer(),
  perhaps: Type.Integer(),
  /** The reference image that stands for the person. */
  cover: Nullable(Type.Integer()),
});
export type Person = Static<typeof Person>;
/** A person as one that may be chosen. */
export type PersonToChoose = Pick<Person, 'id' | 'name' | 'activeRefimgs'>;

/** Who a face or a reference image is, for links. */
const Who = Type.Object({ id: Type.Integer(), name: Type.String() });

/** A run of face recognition. */
export const AiScan = Type.Object({
  at: Type.String({ format: 'date-time' }),
  version: Type.String(),
  model: Type.String(),
  settings: Type.Record(Type.String(), Type.Unknown()),
});
export type AiScan = Static<typeof AiScan>;

/** Who a face is, and why. */
export const FaceName = Type.Object({
  person: Who,
  state: Type.Enum(['auto', 'confirmed']),
  /** Not sure enough to stand without a person's word. */
  perhaps: Type.Boolean(),
  /** To the reference image that matched; null where a person said it. */
  distance: Nullable(Type.Number()),
  /** That was in force. */
  threshold: Nullable(Type.Number()),
  refimg: Nullable(Type.Integer()),
  runnerUp: Nullable(Type.Object({ person: Who, distance: Type.Number() })),
  at: Type.String({ format: 'date-time' }),
  scan: Nullable(AiScan),
});
export type FaceName = Static<typeof FaceName>;

export const Mark = Type.Enum(['not a face', 'ignored']);
export type Mark = 'not a face' | 'ignored';

export const Face = Type.Object({
  id: Type.Integer(),
  file: Type.Integer(),
  /** The box in shares of the upright picture's sides. */
  x: Type.Number(),
  y: Type.Number(),
  w: Type.Number(),
  h: Type.Number(),
  /** Longer side in pixels of the picture that was looked at. */
  size: Type.Integer(),
  /** How sure the detector is, 0 to 1. */
  score: Type.Number(),
  /** Strength of edges; a blurred face is under 4. */
  sharpness: Type.Number(),
  /** The picture's edge goes through it. */
  cut: Type.Boolean(),
  /** A person drew the box. */
  byHand: Type.Boolean(),
  marked: Nullable(Mark),
  name: Nullable(FaceName),
  /** Who a person said it is not. */
  rejected: Type.Array(Who),
  /** The persons that come near, the nearest first. */
  near: Type.Array(Type.Object({ person: Who, refimg: Type.Integer(), distance: Type.Number() })),
  /** The scan that found it. */
  scan: Nullable(AiScan),
});
export type Face = Static<typeof Face>;

export const RefimgFlaw = Type.Enum(['small', 'blurred', 'looks aside or half hidden', 'no face found']);
export type RefimgFlaw = Static<typeof RefimgFlaw>;

export const Refimg = Type.Object({
  id: Type.Integer(),
  person: Type.Integer(),
  /** The face of a photo it is; null: it was uploaded. */
  face: Nullable(Type.Integer()),
  file: Nullable(Type.Integer()),
  title: Type.String(),
  size: Type.Integer(),
  sharpness: Type.Number(),
  foundBy: Type.Enum(['detector', 'margin', 'border', 'assumed', 'by hand']),
  /** What is wrong with it as a reference image; empty: it is good. */
  quality: Type.Array(RefimgFlaw),
  active: Type.Boolean(),
  /** Names that rest on this reference image. */
  matches: Type.Integer(),
  /** Of these, how many no other reference image of the person comes near enough to. */
  alone: Type.Integer(),
});
export type Refimg = Static<typeof Refimg>;

/** What a person says of a face. */
export const Say = Type.Union([
  Type.Object({ do: Type.Literal('confirm'), person: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }),
  Type.Object({ do: Type.Literal('confirm'), name: PersonName }, { additionalProperties: false }),
  Type.Object({ do: Type.Literal('reject'), person: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }),
  Type.Object({ do: Type.Literal('unsay'), person: Type.Integer({ minimum: 1 }) }, { additionalProperties: false }),
  Type.Object({ do: Type.Literal('mark'), mark: Nullable(Mark) }, { additionalProperties: false }),
]);
export type Say = Static<typeof Say>;
