import type { Role, Scope, Session } from '../model/access.ts';
import { iso, type Queries } from './database.ts';

/** A session ends when it was not used for so long, and after so long in any case. */
export const sessionDays = { idle: 14, most: 90 };

const lives = (sql: Queries) => sql`
  session.seen_at > now() - ${`${sessionDays.idle} days`}::interval AND session.created_at > now() - ${`${sessionDays.most} days`}::interval`;

/** Who brings a cookie or a token with this SHA-256, and whether there is anybody who could. */
export async function readKey(
  sql: Queries,
  hash: Buffer | null,
): Promise<{
  accounts: boolean;
  session: { id: number; account: number; name: string; role: Role } | null;
  token: { id: number; name: string; scopes: Scope[] } | null;
}> {
  const [row] = await sql<
    {
      accounts: boolean;
      session: { id: number; account: number; name: string; role: Role } | null;
      token: { id: number; name: string; scopes: Scope[] } | null;
    }[]
  >`
    SELECT EXISTS (SELECT FROM account) AS accounts,
      (SELECT jsonb_build_object('id', session.id, 'account', account.id, 'name', account.name, 'role', account.role)
       FROM session JOIN account ON account.id = account_id WHERE hash = ${hash} AND ${lives(sql)}) AS session,
      (SELECT jsonb_build_object('id', id, 'name', name, 'scopes', scopes) FROM api_token WHERE hash = ${hash}) AS token`;
  if (!row) throw new Error('The database does not tell who may come in.');
  return row;
}

/** Begins a session; those that have come to their end are forgotten. */
export async function addSession(
  sql: Queries,
  session: { hash: Buffer; account: number; address: string; agent: string },
): Promise<void> {
  await sql`DELETE FROM session WHERE NOT (${lives(sql)})`;
  await sql`
    INSERT INTO session (hash, account_id, address, agent)
    VALUES (${session.hash}, ${session.account}, ${session.address}, ${session.agent})`;
}

/** Notes that a session or a token is used; at most every five minutes, for each page asks. */
export async function noteUse(sql: Queries, used: { session: number } | { token: number }): Promise<void> {
  if ('session' in used) {
    await sql`UPDATE session SET seen_at = now() WHERE id = ${used.session} AND seen_at < now() - interval '5 minutes'`;
  } else {
    await sql`
      UPDATE api_token SET used_at = now()
      WHERE id = ${used.token} AND coalesce(used_at < now() - interval '5 minutes', true)`;
  }
}

/** The newest sessions that have not ended. */
export async function listSessions(sql: Queries, limit: number): Promise<Session[]> {
  return await sql<Session[]>`
    SELECT session.id, account.name AS account, ${iso(sql, 'session.created_at')} AS "createdAt",
           ${iso(sql, 'session.seen_at')} AS "seenAt", address, agent
    FROM session JOIN account ON account.id = account_id WHERE ${lives(sql)} ORDER BY session.seen_at DESC LIMIT ${limit}`;
}

/** Ends a session; one that has ended already is no error. */
export async function removeSession(sql: Queries, id: number): Promise<void> {
  await sql`DELETE FROM session WHERE id = ${id}`;
}
