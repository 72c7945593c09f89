import Type from 'typebox';
import { AccountName, Password, Role, Scope } from '../../model/access.ts';

export const NumberParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2_147_483_647 }) });
export const NewAccount = Type.Object({ name: AccountName, role: Role, password: Password });
export const NewPassword = Type.Object({ password: Password });
export const NewToken = Type.Object({
  name: AccountName,
  scopes: Type.Array(Scope, { minItems: 1, uniqueItems: true }),
});
/** A form sends one checked box as a text, several as a list. */
export const NewTokenForm = Type.Object({ name: AccountName, scopes: Type.Union([Scope, Type.Array(Scope)]) });
export const AuditQuery = Type.Object({ before: Type.Optional(Type.Integer({ minimum: 1 })) });
