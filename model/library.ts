import Type, { type Static } from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

export const FileType = Type.Enum(['image', 'video', 'sidecar', 'other']);
export type FileType = 'image' | 'video' | 'sidecar' | 'other';

export const Root = Type.Object({
  id: Type.Integer(),
  kind: Type.Union([Type.Literal('import'), Type.Literal('storage')]),
  path: Type.String(),
  dirs: Type.Integer(),
  numFiles: Type.Integer(),
  numRead: Type.Integer(),
  numFailed: Type.Integer(),
  lastScan: Nullable(Type.String({ format: 'date-time' })),
});
export type Root = Static<typeof Root>;

/** `name` and `path` are for people: bytes that are not UTF-8 are shown as `\xNN`. Ids tell things apart. */
export const Dir = Type.Object({
  id: Type.Integer(),
  root: Type.Integer(),
  pathPrefix: Type.String(),
  path: Type.String(),
  numFiles: Type.Integer(),
  numRead: Type.Integer(),
  numFailed: Type.Integer(),
  mtime: Nullable(Type.String({ format: 'date-time' })),
  lastScan: Nullable(Type.String({ format: 'date-time' })),
  error: Nullable(Type.Object({ code: Type.String(), message: Type.String() })),
});
export type Dir = Static<typeof Dir>;

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
  /** The tag or the file attribute the date came from. */
  takenSource: Nullable(Type.String()),
  camera: Nullable(Type.String()),
  latitude: Nullable(Type.Number()),
  longitude: Nullable(Type.Number()),
  readAt: Nullable(Type.String({ format: 'date-time' })),
  error: Nullable(Type.Object({ step: Type.String(), code: Type.String(), message: Type.String() })),
});
export type PhotoFile = Static<typeof PhotoFile>;
