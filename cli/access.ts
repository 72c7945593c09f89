import type { Config } from '../config.ts';
import { CodedError } from '../model/errors.ts';
import type { Role } from '../model/access.ts';
import {
  addAccount,
  changePassword,
  findAccount,
  givenPassword,
  listAccounts,
  noteGivenPassword,
} from '../sql/accounts.ts';
import type { Database } from '../sql/database.ts';
import { hashPassword, isPassword } from '../web/access/password.ts';
import { isReachedFromHereOnly } from '../web/security.ts';

/** The account whose password the environment may give. */
export const ownerName = 'owner';

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
  config: Pick<Config, 'host' | 'publicUrl' | 'trustedProxies' | 'password'>,
): Promise<void> {
  const { password } = config;
  if (password !== undefined) await takePassword(sql, password);
  await assertMayBeReached(sql, config);
}

/**
 * Gives the account `owner` the password of the environment, once. Units and containers have it there at every start: a
 * password that was changed since, and an account that was removed, stay so until another one is given.
 */
async function takePassword(sql: Database, password: string): Promise<void> {
  const given = await givenPassword(sql);
  if (given !== undefined && (await isPassword(password, given))) return;
  await setPassword(sql, { name: ownerName, role: 'owner', password });
  await noteGivenPassword(sql, await hashPassword(password));
}

/** Throws config.password-needed where others than this machine are to be answered, and nobody would have to log in. */
async function assertMayBeReached(sql: Database, config: Parameters<typeof isReachedFromHereOnly>[0]): Promise<void> {
  if (isReachedFromHereOnly(config) || (await listAccounts(sql)).length > 0) return;
  throw new CodedError(
    'config.password-needed',
    'By HOST, PHOTO_ASSISTANT_PROXIES or PHOTO_ASSISTANT_URL others than this machine reach the page, but nobody has set a password. ' +
      'Give it once as PHOTO_ASSISTANT_PASSWORD, or with: npm run photo-assistant -- password',
  );
}
