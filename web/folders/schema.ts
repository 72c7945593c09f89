import Type from 'typebox';

export const FolderParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }) });

/** `files` and `dirs` are the cursors of the two lists; `failed` shows only files with an error, `choose` lets files be chosen. */
export const FolderQuery = Type.Object({
  files: Type.Optional(Type.String({ maxLength: 2000 })),
  dirs: Type.Optional(Type.Integer({ minimum: 0 })),
  failed: Type.Optional(Type.Literal('1')),
  choose: Type.Optional(Type.Literal('1')),
});
