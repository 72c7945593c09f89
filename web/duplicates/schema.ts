import Type from 'typebox';

export const DuplicatesQuery = Type.Object({ cursor: Type.Optional(Type.String({ maxLength: 500 })) });
