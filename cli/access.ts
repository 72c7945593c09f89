import type { Config } from '../config.ts';
import { CodedError } from '../model/errors.ts';
import type { Role } from '../model/access.ts';
import { addAccount, changePassword, findAccount, listAccounts } from '../sql/accounts.ts';
import type { Database } from '../sql/database.ts';
import { hashPassword, isPassword } from '../web/access/password.ts';
import { isLoopback } from '../web/security.ts';

/** The account whose password the environment may give. */
const ownerName = 'owner';

/** Gives an account its password; makes it where there is none. One that has this password already keeps its sessions. */
export async function setPassword(
  sql: Database,
  { name, role, password }: { name: string; role: Role; password: string },
): Promise<void> {
  const account = await findAccount(sql, name);
  if (!account) await addAccount(sql, { name, role, password: await hashPassword(password) });
  else if (!(await isPassword(password, account.password))) {
    await changePassword(sql, account.id, await hashPassword(password));
  }
}

/** What has to be in order before the page may be reached: the password that the environment gives, and that there is one. */
export async function prepareAccess(
  sql: Database,
  { host, password }: Pick<Config, 'host' | 'password'>,
): Promise<void> {
  if (password !== undefined) await setPassword(sql, { name: ownerName, role: 'owner', password });
  await assertMayBeReached(sql, host);
}

/** Throws config.password-needed where others than this machine are to be answered, and nobody would have to log in. */
async function assertMayBeReached(sql: Database, host: string): Promise<void> {
  if (isLoopback(host) || (await listAccounts(sql)).length > 0) return;
  throw new CodedError(
    'config.password-needed',
    `HOST is ${host}, so that others than this machine reach the page, but nobody has set a password. ` +
      'Give it once as PHOTO_ASSISTANT_PASSWORD, or with: npm run photo-assistant -- password',
  );
}
