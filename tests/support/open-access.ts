import type { AccessStore } from '../../web/access/store.ts';

/** The house of somebody who has set no password: whoever asks is let in. */
export const openAccess: AccessStore = {
  readKey: async () => ({ accounts: false, session: null, token: null }),
  noteUse: async () => undefined,
  accounts: async () => [],
  findAccount: async () => undefined,
  addAccount: async () => 1,
  changePassword: async () => undefined,
  removeAccount: async () => undefined,
  sessions: async () => [],
  addSession: async () => undefined,
  removeSession: async () => undefined,
  tokens: async () => [],
  addToken: async () => 1,
  removeToken: async () => undefined,
  takeTry: async () => 0,
  forgetTries: async () => undefined,
  audit: async () => [],
  writeAudit: async () => undefined,
};
