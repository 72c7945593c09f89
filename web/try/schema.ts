import Type from 'typebox';

const trial = Type.String({ pattern: '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' });

export const TrialParams = Type.Object({ trial });
/** `find` is sought among the tags of the file with the number `file`. */
export const TrialQuery = Type.Object({
  file: Type.Optional(Type.Integer({ minimum: 1, maximum: 20 })),
  find: Type.Optional(Type.String({ maxLength: 100 })),
});
export const TrialThumbParams = Type.Object({ trial, hash: Type.String({ pattern: '^[0-9a-f]{64}$' }) });
