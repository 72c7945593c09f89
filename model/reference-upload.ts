import Type, { type Static } from 'typebox';

const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** Files of a trial directory that reference images are uploaded to. */
export const referenceFiles = { read: 'read.json', result: 'references.json' } as const;

/** An uploaded picture after its preview was made. */
export const ReadReferences = Type.Object({
  pictures: Type.Array(
    Type.Object({
      name: Type.String(),
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
  /** 128 float32, little endian, in base64. */
  descriptor: Type.String(),
});

/** What was made of an upload: a picture with one face is a reference image now; of others a person has to choose. */
export const FoundReferences = Type.Object({
  person: Type.Integer(),
  pictures: Type.Array(
    Type.Object({
      name: Type.String(),
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
