import type { ApiToken, Scope } from '../model/access.ts';
import { iso, type Queries } from './database.ts';

/** All tokens for scripts, the newest first. */
export async function listTokens(sql: Queries): Promise<ApiToken[]> {
  return await sql<ApiToken[]>`
    SELECT id, name, scopes, ${iso(sql, 'created_at')} AS "createdAt", ${iso(sql, 'used_at')} AS "usedAt"
    FROM api_token ORDER BY id DESC`;
}

/** Keeps a token by its SHA-256. @returns its number */
export async function addToken(sql: Queries, token: { name: string; hash: Buffer; scopes: Scope[] }): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    INSERT INTO api_token (name, hash, scopes) VALUES (${token.name}, ${token.hash}, ${token.scopes}) RETURNING id`;
  return row?.id ?? 0;
}

/** A token that is gone already is no error. */
export async function removeToken(sql: Queries, id: number): Promise<void> {
  await sql`DELETE FROM api_token WHERE id = ${id}`;
}
