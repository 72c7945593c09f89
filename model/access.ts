import Type, { type Static } from 'typebox';

/** The owner may do all; a viewer sees pictures and starts nothing. */
export const Role = Type.Enum(['owner', 'viewer']);
export type Role = Static<typeof Role>;

/** What a token of a script may do: see what there is, start and change things, move files and answer what jobs ask. */
export const Scope = Type.Enum(['read', 'run', 'move']);
export type Scope = Static<typeof Scope>;

/** What a request needs. `own`: to change settings, and who may come in. */
export type Right = Scope | 'own';

export const rightsOfRole: Record<Role, readonly Right[]> = {
  owner: ['read', 'run', 'move', 'own'],
  viewer: ['read'],
};

export const AccountName = Type.String({ minLength: 1, maxLength: 60, pattern: '^[^\\p{C}]*\\S[^\\p{C}]*$' });
/** As long as OWASP's Authentication Cheat Sheet asks for where there is no second factor, and short enough to be hashed. */
export const Password = Type.String({ minLength: 8, maxLength: 200 });

export const Account = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  role: Role,
  createdAt: Type.String({ format: 'date-time' }),
});
export type Account = Static<typeof Account>;

/** A browser that somebody is logged in with. */
export const Session = Type.Object({
  id: Type.Integer(),
  account: Type.String(),
  createdAt: Type.String({ format: 'date-time' }),
  /** To within some minutes. */
  seenAt: Type.String({ format: 'date-time' }),
  address: Type.String(),
  /** What the browser said of itself. */
  agent: Type.String(),
});
export type Session = Static<typeof Session>;

export const ApiToken = Type.Object({
  id: Type.Integer(),
  name: Type.String(),
  scopes: Type.Array(Scope),
  createdAt: Type.String({ format: 'date-time' }),
  /** To within some minutes; null: never. */
  usedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
});
export type ApiToken = Static<typeof ApiToken>;

/** Something that was done, and who did it. */
export const AuditEntry = Type.Object({
  id: Type.Integer(),
  at: Type.String({ format: 'date-time' }),
  /** The account, the token, or where it came from. */
  who: Type.String(),
  address: Type.Union([Type.String(), Type.Null()]),
  /** What was asked for, as method and path, or in words. */
  what: Type.String(),
  details: Type.Record(Type.String(), Type.Unknown()),
});
export type AuditEntry = Static<typeof AuditEntry>;
