import { newKey, hashOfKey } from './keys.ts';
import type { Role, Scope } from '../../model/access.ts';
import type { Web } from '../shared.ts';
import type { Identifier } from './identify.ts';
import { hashPassword } from './password.ts';

/** What an owner can change about who may come in. It acts at once. */
export function createChanges({ access }: Pick<Web, 'access'>, identifier: Identifier) {
  const then = async <T>(work: Promise<T>): Promise<T> => {
    const result = await work;
    identifier.forget();
    return result;
  };
  return {
    /** @returns its number. Throws account.name-taken. */
    addAccount: async ({ name, role, password }: { name: string; role: Role; password: string }): Promise<number> =>
      await then(access.addAccount({ name: name.trim(), role, password: await hashPassword(password) })),
    /** Ends the account's sessions. Throws account.unknown. */
    changePassword: async (id: number, password: string): Promise<void> =>
      await then(access.changePassword(id, await hashPassword(password))),
    removeAccount: (id: number) => then(access.removeAccount(id)),
    removeSession: (id: number) => then(access.removeSession(id)),
    /** @returns the token, which is not kept: it is shown this once. */
    addToken: async ({ name, scopes }: { name: string; scopes: Scope[] }): Promise<{ id: number; token: string }> => {
      const token = newKey();
      const id = await then(access.addToken({ name: name.trim(), scopes, hash: hashOfKey(token) }));
      return { id, token };
    },
    removeToken: (id: number) => then(access.removeToken(id)),
  };
}
