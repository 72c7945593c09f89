import Type, { type Static } from 'typebox';
import { Nullable } from './nullable.ts';

export const FileType = Type.Enum(['image', 'video', 'sidecar', 'other']);
export type FileType = 'image' | 'video' | 'sidecar' | 'other';

/** How far the files of a path, a dir or a job are read and searched. */
export const FileCounts = Type.Object({
  numFiles: Type.Integer(),
  numRead: Type.Integer(),
  numFailed: Type.Integer(),
  /** Pictures with a preview; of these, in how many faces were looked for, and in how many that failed. */
  numPictures: Type.Integer(),
  numSearched: Type.Integer(),
  numFacesFailed: Type.Integer(),
});
export type FileCounts = Static<typeof FileCounts>;

export const Root = Type.Object({
  id: Type.Integer(),
  kind: Type.Union([Type.Literal('import'), Type.Literal('storage')]),
  path: Type.String(),
  dirs: Type.Integer(),
  ...FileCounts.properties,
  lastScan: Nullable(Type.String({ format: 'date-time' })),
  /** How many of its dirs are watched for changes, or why they are not; both null: nobody has tried. */
  watchedDirs: Nullable(Type.Integer()),
  watchTrouble: Nullable(Type.String()),
  /** No worker can read it now, of several machines that might; its jobs wait for one. */
  unseen: Type.Boolean(),
});
export type Root = Static<typeof Root>;

/** `name` and `path` are for people: bytes that are not UTF-8 are shown as `\xNN`. Ids tell things apart. */
export const Dir = Type.Object({
  id: Type.Integer(),
  root: Type.Integer(),
  pathPrefix: Type.String(),
  path: Type.String(),
  ...FileCounts.properties,
  mtime: Nullable(Type.String({ format: 'date-time' })),
  lastScan: Nullable(Type.String({ format: 'date-time' })),
  error: Nullable(Type.Object({ code: Type.String(), message: Type.String() })),
});
export type Dir = Static<typeof Dir>;

/** How sure it is when something was taken. `certain`: to the second, and in which zone. */
export const Certainty = Type.Enum(['certain', 'likely', 'uncertain']);
export type Certainty = 'certain' | 'likely' | 'uncertain';

/** What a file is to the picture it is a part of. `original`: what an edited version was made from. */
export const Part = Type.Enum(['raw', 'video', 'sidecar', 'original']);
export type Part = 'raw' | 'video' | 'sidecar' | 'original';

/** The nearest town. */
export const Place = Type.Object({
  town: Type.String(),
  region: Nullable(Type.String()),
  country: Type.String({ description: 'ISO 3166 alpha-2' }),
  metres: Type.Integer({ description: 'how far the town is' }),
});
export type Place = Static<typeof Place>;

export const PhotoFile = Type.Object({
  id: Type.Integer(),
  dir: Type.Integer(),
  root: Type.Integer(),
  name: Type.String(),
  /** The name's bytes in base64: what is on disk, exactly. */
  nameBytes: Type.String(),
  path: Type.String(),
  size: Type.Integer(),
  mtime: Type.String({ format: 'date-time' }),
  type: FileType,
  hash: Nullable(Type.String({ description: 'SHA-256 in hex' })),
  /** True where a tile and a preview exist: `/thumbs/<hash>-320.webp` and `-1440.webp`. */
  thumb: Type.Boolean(),
  thumbhash: Nullable(Type.String({ description: 'base64' })),
  /** Upright pixels. */
  width: Nullable(Type.Integer()),
  height: Nullable(Type.Integer()),
  orientation: Nullable(Type.Integer()),
  /** Local time where it was taken, without a zone: `2019-03-02T14:22:33`. */
  takenAt: Nullable(Type.String()),
  /** Minutes east of UTC, where known. */
  takenOffset: Nullable(Type.Integer()),
  /** IANA time zone of the place, where known. */
  takenZone: Nullable(Type.String()),
  /** Where the date came from: a tag, `sidecar` and a tag, `file name`, or `file time`. */
  takenSource: Nullable(Type.String()),
  takenCertainty: Nullable(Certainty),
  camera: Nullable(Type.String()),
  latitude: Nullable(Type.Number()),
  longitude: Nullable(Type.Number()),
  place: Nullable(Place),
  /** As ExifTool names it: JPEG, HEIC, NEF, MP4. */
  format: Nullable(Type.String()),
  /** Seconds. */
  duration: Nullable(Type.Number()),
  title: Nullable(Type.String()),
  description: Nullable(Type.String()),
  /** -1: rejected; 1 to 5. */
  rating: Nullable(Type.Integer()),
  tags: Type.Array(Type.String()),
  /** True where a clip is part of the file: a motion photo. It is at `/originals/<id>/clip`. */
  motion: Type.Boolean(),
  numFaces: Type.Integer(),
  /** A face in it has no name that stands. */
  hasUnidentifiedFace: Type.Boolean(),
  /** The file that is shown for this one, which is a part of it. */
  main: Nullable(Type.Integer()),
  part: Nullable(Part),
  /** What else belongs to this picture. */
  parts: Type.Array(Part),
  readAt: Nullable(Type.String({ format: 'date-time' })),
  error: Nullable(Type.Object({ step: Type.String(), code: Type.String(), message: Type.String() })),
});
export type PhotoFile = Static<typeof PhotoFile>;

/** A file as far as a tile shows it. */
export type PhotoTile = Pick<
  PhotoFile,
  | ('id' | 'dir' | 'name' | 'type' | 'hash' | 'thumb' | 'thumbhash' | 'width' | 'height' | 'duration')
  | ('motion' | 'parts' | 'mtime' | 'takenAt' | 'readAt' | 'error')
>;

/** What is known of a file beyond what a list of files needs. */
export const FileDetails = Type.Object({
  /** Dates that cannot be true and were passed over. */
  passedDates: Type.Array(Type.Object({ source: Type.String(), value: Type.String(), why: Type.String() })),
  people: Type.Array(Type.String()),
  /** Boxes that other programs drew around faces, in parts of width and height. */
  regions: Type.Array(
    Type.Object({
      name: Nullable(Type.String()),
      type: Type.Enum(['face', 'pet', 'other']),
      left: Type.Number(),
      top: Type.Number(),
      width: Type.Number(),
      height: Type.Number(),
    }),
  ),
  /** Of picture and sound: `h264`, `aac`. */
  codecs: Type.Array(Type.String()),
  /** What made the picture, and how long it took. */
  decoder: Nullable(Type.String()),
  decodeMs: Nullable(Type.Integer()),
  /** What ExifTool warned of. */
  warnings: Type.Array(Type.String()),
  /** Everything ExifTool said of the content. */
  metadata: Nullable(Type.Record(Type.String(), Type.Unknown())),
});
export type FileDetails = Static<typeof FileDetails>;

const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$', description: 'YYYY-MM-DD, local' });

/** What pictures are looked for by: one schema for the timeline, its address and the API. */
export const PhotoFilter = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 255, description: 'words of name, title, description, tags, place' })),
  from: Type.Optional(Day),
  to: Type.Optional(Day),
  camera: Type.Optional(Type.String({ maxLength: 500 })),
  place: Type.Optional(Type.String({ maxLength: 500, description: 'country, country|region or country|region|town' })),
  type: Type.Optional(Type.Enum(['image', 'video', 'raw', 'live'])),
  rating: Type.Optional(Type.Integer({ minimum: 1, maximum: 5, description: 'at least' })),
  tag: Type.Optional(Type.String({ maxLength: 200 })),
  person: Type.Optional(Type.Integer({ minimum: 1, description: 'number of a person on it' })),
  box: Type.Optional(
    Type.String({
      pattern: '^-?\\d+(\\.\\d+)?(,-?\\d+(\\.\\d+)?){3}$',
      description: 'west,south,east,north in degrees',
    }),
  ),
});
export type PhotoFilter = Static<typeof PhotoFilter>;
