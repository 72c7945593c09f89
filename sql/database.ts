import postgres from 'postgres';
import { CodedError } from '../model/errors.ts';
import { endWithConnection } from './lost-connection.ts';

export type Database = postgres.Sql;
/** A pool or a transaction on it: what a query function takes. */
export type Queries = postgres.Sql | postgres.TransactionSql;

/**
 * A pool of connections. It connects when it is first used, and again after the server was away.
 * `max` is the number of connections; `name` shows in pg_stat_activity.
 */
export function openDatabase(url: string, options: { max?: number; name?: string } = {}): Database {
  const sql = postgres(url, {
    max: options.max ?? 4,
    idle_timeout: 60,
    connect_timeout: 5,
    onnotice: () => undefined,
    connection: { application_name: options.name ?? 'photo-assistant' },
  });
  endWithConnection(sql);
  return sql;
}

/** Connection faults, and the SQLSTATEs of a server that shuts down or starts. */
const downCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EHOSTDOWN',
  'ETIMEDOUT',
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  '57P01',
  '57P02',
  '57P03',
  '53300',
]);

/** True for an error that says the server is away, not that the query was wrong. */
export const isDatabaseDown = (error: unknown): error is Error & { code: string } =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && downCodes.has(error.code);

/** A character that text can't hold (also in JSON), a number that is too large, a day that no month has. */
const unfitCodes = new Set(['22021', '22P05', '22003', '22008']);

/** True for an error that says that a value fits no column of its kind. */
export const isUnfitValue = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && unfitCodes.has(error.code);

/** The error itself, or `database.unavailable` where it says that the server is away. */
export const databaseError = (error: unknown): unknown =>
  isDatabaseDown(error)
    ? new CodedError('database.unavailable', `The database does not answer (${error.message || error.code}).`, {
        cause: error,
      })
    : error;

/** The time by the database's clock. */
export async function databaseTime(sql: Queries): Promise<Date> {
  const [row] = await sql<{ now: Date }[]>`SELECT now()`;
  if (!row) throw new Error('The database does not tell the time.');
  return row.now;
}

/** A timestamp column as ISO 8601 text in UTC. */
export const iso = (sql: Queries, column: string) =>
  sql.unsafe(`to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`);
