import type { Account, Role } from '../model/access.ts';
import { CodedError } from '../model/errors.ts';
import { iso, type Database, type Queries } from './database.ts';

/** All accounts, owners first. None: nobody has set a password. */
export async function listAccounts(sql: Queries): Promise<Account[]> {
  return await sql<Account[]>`
    SELECT id, name, role, ${iso(sql, 'created_at')} AS "createdAt" FROM account ORDER BY role, lower(name)`;
}

/** An account with its hashed password, by its name in any case; undefined when there is none. */
export async function findAccount(
  sql: Queries,
  name: string,
): Promise<{ id: number; name: string; role: Role; password: string } | undefined> {
  const [row] = await sql<{ id: number; name: string; role: Role; password: string }[]>`
    SELECT id, name, role, password FROM account WHERE lower(name) = lower(${name})`;
  return row;
}

/** Makes an account. The first one is always an owner. Throws account.name-taken. */
export async function addAccount(
  sql: Database,
  account: { name: string; role: Role; password: string },
): Promise<number> {
  return await sql.begin(async (tx) => {
    await tx`LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE`;
    const [row] = await tx<{ id: number }[]>`
      INSERT INTO account (name, role, password)
      SELECT ${account.name}, CASE WHEN EXISTS (SELECT FROM account) THEN ${account.role} ELSE 'owner' END, ${account.password}
      ON CONFLICT DO NOTHING RETURNING id`;
    if (!row) throw new CodedError('account.name-taken', `There is an account called ${account.name} already.`);
    return row.id;
  });
}

/** Gives an account another password, and ends its sessions. Throws account.unknown. */
export async function changePassword(sql: Database, id: number, password: string): Promise<void> {
  await sql.begin(async (tx) => {
    const { count } = await tx`UPDATE account SET password = ${password} WHERE id = ${id}`;
    if (count === 0) throw new CodedError('account.unknown');
    await tx`DELETE FROM session WHERE account_id = ${id}`;
  });
}

/** Removes an account with its sessions. Throws account.unknown, and account.last-owner for the last one of an owner. */
export async function removeAccount(sql: Database, id: number): Promise<void> {
  await sql.begin(async (tx) => {
    await tx`LOCK TABLE account IN SHARE ROW EXCLUSIVE MODE`;
    const { count } = await tx`
      DELETE FROM account WHERE id = ${id}
        AND (role <> 'owner' OR EXISTS (SELECT FROM account o WHERE o.role = 'owner' AND o.id <> ${id}))`;
    if (count > 0) return;
    const [row] = await tx`SELECT FROM account WHERE id = ${id}`;
    throw new CodedError(row ? 'account.last-owner' : 'account.unknown');
  });
}

/** The password that the environment gave last, hashed; undefined where it never gave one. */
export async function givenPassword(sql: Queries): Promise<string | undefined> {
  const [row] = await sql<{ hash: string }[]>`SELECT hash FROM given_password`;
  return row?.hash;
}

/** Notes that the environment gave this one, hashed. */
export async function noteGivenPassword(sql: Queries, hash: string): Promise<void> {
  await sql`INSERT INTO given_password (hash) VALUES (${hash}) ON CONFLICT (id) DO UPDATE SET hash = excluded.hash`;
}
