import Type from 'typebox';

/** What may be null instead: `Type.Optional` is what may be left out. */
export const Nullable = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
