import type { AuditEntry } from '../model/access.ts';
import { iso, type Queries } from './database.ts';

/** Notes what somebody did. */
export async function writeAudit(
  sql: Queries,
  { who, address, what, details }: Omit<AuditEntry, 'id' | 'at' | 'details'> & { details: Record<string, string> },
): Promise<void> {
  await sql`INSERT INTO audit (who, address, what, details) VALUES (${who}, ${address}, ${what}, ${sql.json(details)})`;
}

/** What was done, the latest first; `before`: an entry's number. */
export async function readAudit(
  sql: Queries,
  { before, limit }: { before?: number; limit: number },
): Promise<AuditEntry[]> {
  return await sql<AuditEntry[]>`
    SELECT id::float8, ${iso(sql, 'at')} AS at, who, address, what, details FROM audit
    ${before === undefined ? sql`` : sql`WHERE id < ${before}`} ORDER BY id DESC LIMIT ${limit}`;
}

/** Forgets what was done longer ago. */
export async function forgetAudit(sql: Queries, years: number): Promise<void> {
  await sql`DELETE FROM audit WHERE at < now() - make_interval(years => ${years})`;
}
