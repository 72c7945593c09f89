import Type, { type Static } from 'typebox';
import { Nullable } from './nullable.ts';
import { Settings } from './settings.ts';

/** The settings that can be tried out before they are used. */
export const FaceTrialSettings = Type.Pick(Settings, [
  ...(['faceDetector', 'faceTiles', 'faceMinScore', 'faceMinSize'] as const),
  ...(['nameThreshold', 'namePerhaps', 'nameMargin', 'oncePerPhoto'] as const),
]);
export type FaceTrialSettings = Static<typeof FaceTrialSettings>;

/** What the faces are looked for in: an uploaded picture, a file of the library, or all pictures of a dir. */
export const FaceTrialOf = Type.Union([
  Type.Object({ upload: Type.Literal(true) }),
  Type.Object({ file: Type.Integer({ minimum: 1 }) }),
  Type.Object({ dir: Type.Integer({ minimum: 1 }) }),
]);
export type FaceTrialOf = Static<typeof FaceTrialOf>;

const TriedName = Type.Object({ person: Type.Integer(), name: Type.String(), perhaps: Type.Boolean() });

/**
 * What another setting would make of a face. `surer`: only perhaps that person today; `unsure`: only perhaps then;
 * `unknown`: without a name before and after.
 */
export const Change = Type.Enum(['same', 'gained', 'lost', 'swapped', 'surer', 'unsure', 'unknown']);
export type Change = Static<typeof Change>;

const TriedFace = Type.Object({
  /** The box in shares of the picture's sides. */
  x: Type.Number(),
  y: Type.Number(),
  w: Type.Number(),
  h: Type.Number(),
  size: Type.Integer(),
  score: Type.Number(),
  sharpness: Type.Number(),
  /** The nearest person, however far within reach. */
  distance: Nullable(Type.Number()),
  refimg: Nullable(Type.Integer()),
  runnerUp: Nullable(Type.Object({ name: Type.String(), distance: Type.Number() })),
  name: Nullable(TriedName),
  /** Who it is today; null also for a face that is not known today. */
  today: Nullable(TriedName),
  change: Change,
});
export type TriedFace = Static<typeof TriedFace>;

/** A face known today that would not be found. */
const MissedFace = Type.Object({
  x: Type.Number(),
  y: Type.Number(),
  w: Type.Number(),
  h: Type.Number(),
  today: Nullable(TriedName),
  /** It would be there all the same: a person spoke on it, or drew it. */
  stays: Type.Boolean(),
});
export type MissedFace = Static<typeof MissedFace>;

export const TriedPicture = Type.Object({
  /** Of the library; null for an uploaded one. */
  file: Nullable(Type.Integer()),
  name: Type.String(),
  hash: Nullable(Type.String()),
  width: Type.Integer(),
  height: Type.Integer(),
  faces: Type.Array(TriedFace),
  missed: Type.Array(MissedFace),
  error: Nullable(Type.String()),
});
export type TriedPicture = Static<typeof TriedPicture>;

/** The result of a trial; it is in no table. */
export const FaceTrial = Type.Object({
  of: FaceTrialOf,
  settings: FaceTrialSettings,
  pictures: Type.Array(TriedPicture),
  /** Pictures there are; of a large dir only the first ones are tried. */
  total: Type.Integer(),
  /** Milliseconds of looking and matching. */
  tookMs: Type.Integer(),
  backend: Type.String(),
});
export type FaceTrial = Static<typeof FaceTrial>;

/** Files of a trial's directory. */
export const faceTrialFile = 'faces.json';
