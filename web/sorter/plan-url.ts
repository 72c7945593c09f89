import type { PlanQuery } from './schema.ts';

/** The page of a plan with another choice of files; always their first page. */
export function planUrl(id: number, { cursor, ...query }: PlanQuery = {}): string {
  const given = Object.entries({ ...query, ...(cursor !== undefined && { cursor: String(cursor) }) });
  return given.length === 0 ? `/sorter/plans/${id}` : `/sorter/plans/${id}?${new URLSearchParams(given)}`;
}
