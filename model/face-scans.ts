import Type, { type Static } from 'typebox';
import type { Settings } from './settings.ts';

/** Decides, beside the networks, which faces a scan finds: pictures that were searched with others are outdated. */
export const searchSettings = ({ faceDetector, faceTiles, faceMinScore, faceMinSize }: FaceSettings) => ({
  detector: faceDetector,
  tiles: faceTiles,
  minScore: faceMinScore,
  minSize: faceMinSize,
});
type FaceSettings = Pick<Settings, 'faceDetector' | 'faceTiles' | 'faceMinScore' | 'faceMinSize'>;

/** The networks: another one's descriptors can't be compared with these. */
export const faceNetworks = 'face-api 1.7.15 ssd+tiny, upright chip and mirror';

/** How an `ai_scan` names its model: the networks, and what computed them, which changes nothing in what is found. */
export const modelName = (backend: string): string => `${faceNetworks}, ${backend}`;

/** What a scan of today finds faces with. */
export interface FaceSearch {
  settings: ReturnType<typeof searchSettings>;
  networks: string;
}

/** Pictures that were searched in the same way. */
export const ScannedPictures = Type.Object({
  /** Of the scan, by name. */
  settings: Type.Record(Type.String(), Type.Unknown()),
  networks: Type.String(),
  /** Whether a scan of today would be the same. */
  today: Type.Boolean(),
  pictures: Type.Integer(),
  faces: Type.Integer(),
  first: Type.String({ format: 'date-time' }),
  last: Type.String({ format: 'date-time' }),
});
export type ScannedPictures = Static<typeof ScannedPictures>;

/** What is forgotten of faces: who they are, or that they are there as well. What people said always stays. */
export const Forget = Type.Enum(['names', 'faces']);
export type Forget = 'names' | 'faces';

const ResetCounts = {
  /** In which faces were looked for. */
  pictures: Type.Integer(),
  faces: Type.Integer(),
  /** Of the faces: a person spoke on them or drew them. */
  facesKept: Type.Integer(),
  /** Names by kind. */
  auto: Type.Integer(),
  confirmed: Type.Integer(),
  rejected: Type.Integer(),
  /** Faces set aside. */
  marked: Type.Integer(),
};

/** What a reset would meet. */
export const ResetPreview = Type.Object({
  total: Type.Object(ResetCounts),
  numDirs: Type.Integer(),
  /** The dirs with the most faces. */
  dirs: Type.Array(Type.Object({ id: Type.Integer(), path: Type.String(), ...ResetCounts })),
});
export type ResetPreview = Static<typeof ResetPreview>;
