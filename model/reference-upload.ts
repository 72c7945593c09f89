import Type, { type Static } from 'typebox';
import { Nullable } from './nullable.ts';

/** Files of a trial directory that reference images are uploaded to. */
export const referenceFiles = { folder: 'folder.json', read: 'read.json', result: 'references.json' } as const;

/** A folder on the server whose pictures are read where they are, instead of uploads. */
export const ReferenceFolder = Type.Object({ path: Type.String({ minLength: 1, maxLength: 4096 }) });
export type ReferenceFolder = Static<typeof ReferenceFolder>;

/** Of a larger folder the first ones are taken. */
export const mostReferences = 500;

/** An uploaded picture after its preview was made. */
export const ReadReferences = Type.Object({
  /** Files that were left out, for there are too many. */
  left: Type.Integer(),
  pictures: Type.Array(
    Type.Object({
      name: Type.String(),
      /** The name of the folder it was in, where that tells the person. */
      who: Nullable(Type.String()),
      /** SHA-256 in hex, by which its preview is named; null where it is no picture that can be decoded. */
      hash: Nullable(Type.String()),
      error: Nullable(Type.String()),
    }),
  ),
});
export type ReadReferences = Static<typeof ReadReferences>;

/** A face in an uploaded picture; its place in shares of the picture's sides. */
const FoundFace = Type.Object({
  x: Type.Number(),
  y: Type.Number(),
  w: Type.Number(),
  h: Type.Number(),
  size: Type.Integer(),
  sharpness: Type.Number(),
  /** 68 times x and y, 16 bit unsigned, little endian, in base64. */
  landmarks: Type.String(),
  /** 128 float32, little endian, in base64. */
  descriptor: Type.String(),
});

/** What was made of an upload: a picture with one face is a reference image now; of others a person has to choose. */
export const FoundReferences = Type.Object({
  left: Type.Integer(),
  pictures: Type.Array(
    Type.Object({
      name: Type.String(),
      person: Nullable(Type.Object({ id: Type.Integer(), name: Type.String() })),
      hash: Nullable(Type.String()),
      error: Nullable(Type.String()),
      foundBy: Nullable(Type.Enum(['detector', 'margin', 'border', 'assumed', 'by hand'])),
      faces: Type.Array(FoundFace),
      /** The reference image it became. */
      refimg: Nullable(Type.Integer()),
    }),
  ),
});
export type FoundReferences = Static<typeof FoundReferences>;
