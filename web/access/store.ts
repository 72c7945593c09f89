import type { Role, Scope } from '../../model/access.ts';
import { addAccount, changePassword, findAccount, listAccounts, removeAccount } from '../../sql/accounts.ts';
import { addToken, listTokens, removeToken } from '../../sql/api-tokens.ts';
import { readAudit, writeAudit } from '../../sql/audit.ts';
import type { Database } from '../../sql/database.ts';
import { forgetTries, takeTry } from '../../sql/login-tries.ts';
import { addSession, listSessions, noteUse, readKey, removeSession } from '../../sql/sessions.ts';
import { ask } from '../ask-database.ts';

export type AccessStore = ReturnType<typeof createAccessStore>;

/** What the database knows of who may come in. Each question throws database.unavailable when it does not answer. */
export function createAccessStore(sql: Database) {
  return {
    readKey: (hash: Buffer | null) => ask(readKey(sql, hash)),
    noteUse: (used: Parameters<typeof noteUse>[1]) => ask(noteUse(sql, used)),
    accounts: () => ask(listAccounts(sql)),
    findAccount: (name: string) => ask(findAccount(sql, name)),
    addAccount: (account: { name: string; role: Role; password: string }) => ask(addAccount(sql, account)),
    changePassword: (id: number, password: string) => ask(changePassword(sql, id, password)),
    removeAccount: (id: number) => ask(removeAccount(sql, id)),
    sessions: (limit: number) => ask(listSessions(sql, limit)),
    addSession: (session: Parameters<typeof addSession>[1]) => ask(addSession(sql, session)),
    removeSession: (id: number) => ask(removeSession(sql, id)),
    tokens: () => ask(listTokens(sql)),
    addToken: (token: { name: string; hash: Buffer; scopes: Scope[] }) => ask(addToken(sql, token)),
    removeToken: (id: number) => ask(removeToken(sql, id)),
    takeTry: (keys: Parameters<typeof takeTry>[1]) => ask(takeTry(sql, keys)),
    forgetTries: (keys: readonly string[]) => ask(forgetTries(sql, keys)),
    audit: (page: Parameters<typeof readAudit>[1]) => ask(readAudit(sql, page)),
    writeAudit: (entry: Parameters<typeof writeAudit>[1]) => ask(writeAudit(sql, entry)),
  };
}
