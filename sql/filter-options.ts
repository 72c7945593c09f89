import type { Place } from '../model/library.ts';
import type { Queries } from './database.ts';

/** What the library's pictures can be narrowed to. */
export interface FilterOptions {
  cameras: string[];
  places: Omit<Place, 'metres'>[];
  tags: string[];
}

const mostOptions = 500;
/** Tags are not in an index by themselves; so many files are looked at for them. */
const mostTagged = 50_000;

/** Cameras, towns and tags there are, in the order of their names; each list is cut at 500. */
export async function filterOptions(sql: Queries): Promise<FilterOptions> {
  const [cameras, places, tags] = await Promise.all([camerasOf(sql), placesOf(sql), tagsOf(sql)]);
  return { cameras, places, tags };
}

/** From one camera's entries in the index to the next camera's: it costs as much as there are cameras, not pictures. */
async function camerasOf(sql: Queries): Promise<string[]> {
  const rows = await sql<{ camera: string }[]>`
    WITH RECURSIVE found AS (
      (SELECT camera FROM content WHERE camera IS NOT NULL ORDER BY camera LIMIT 1)
      UNION ALL
      SELECT (SELECT camera FROM content WHERE camera > found.camera ORDER BY camera LIMIT 1) FROM found WHERE found.camera IS NOT NULL)
    SELECT camera FROM found WHERE camera IS NOT NULL LIMIT ${mostOptions}`;
  return rows.map(({ camera }) => camera);
}

async function placesOf(sql: Queries): Promise<Omit<Place, 'metres'>[]> {
  return await sql<Omit<Place, 'metres'>[]>`
    WITH RECURSIVE found AS (
      (SELECT country, region, town FROM content WHERE country IS NOT NULL ORDER BY country, region, town LIMIT 1)
      UNION ALL
      SELECT next.* FROM found, LATERAL (
        SELECT country, region, town FROM content
        WHERE country IS NOT NULL AND (country, region, town) > (found.country, found.region, found.town)
        ORDER BY country, region, town LIMIT 1) AS next)
    SELECT country, nullif(region, '') AS region, town FROM found LIMIT ${mostOptions}`;
}

async function tagsOf(sql: Queries): Promise<string[]> {
  const rows = await sql<{ tag: string }[]>`
    SELECT DISTINCT tag FROM (
      SELECT unnest(labels) AS tag FROM (SELECT labels FROM file WHERE labels <> '{}' LIMIT ${mostTagged}) AS tagged) AS tags
    ORDER BY tag LIMIT ${mostOptions}`;
  return rows.map(({ tag }) => tag);
}
