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
