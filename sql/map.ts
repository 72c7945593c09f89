import type { Place } from '../model/library.ts';
import { boxText, toTheMetre, wholeWorld, wrapped, type Box } from '../model/map.ts';
import type { Queries } from './database.ts';
import { fitting } from './photo-filter.ts';
import { underRoots } from './under-roots.ts';

export type PlaceName = Omit<Place, 'metres'>;

/** The pictures of one cell of the grid: how many, the middle of them, where all of them lie, and what most are near. */
export interface MapCell {
  count: number;
  latitude: number;
  longitude: number;
  box: Box;
  place: PlaceName | null;
}

export interface PlaceCount extends PlaceName {
  count: number;
}

export interface MapOfBox {
  cells: MapCell[];
  /** Towns with their pictures in the box, most pictures first; at most 40. */
  places: PlaceCount[];
}

const mostPlaces = 40;

interface Found {
  cells: (Omit<MapCell, 'longitude' | 'box'> & {
    x: number;
    minX: number;
    maxX: number;
    south: number;
    north: number;
  })[];
  places: PlaceCount[];
}

/**
 * The pictures in a box that know where they were taken, in cells of so many degrees; each content once, whatever copies
 * there are of it. Indexes hold all it needs: content_position and file_timeline.
 */
export async function mapOf(sql: Queries, box: Box, cell: { width: number; height: number }): Promise<MapOfBox> {
  const { west, south } = toTheMetre(box);
  const inBox = boxText(box) === boxText(wholeWorld) ? {} : { box: boxText(box) };
  // Longitudes are counted eastward from the box's west, so that the date line is no border to anything.
  // OFFSET 0 keeps the planner from guessing a number of groups that it would rather sort than hash.
  const [found] = await sql<Found[]>`
    WITH part AS MATERIALIZED (
      SELECT floor(x / ${cell.width}::float8)::int AS cell_x, floor((latitude - ${south}::float8) / ${cell.height}::float8)::int AS cell_y,
             country, region, town, count(*)::int AS n, sum(x) AS sum_x, sum(latitude) AS sum_y,
             min(x) AS min_x, max(x) AS max_x, min(latitude) AS south, max(latitude) AS north
      FROM (
        SELECT latitude, CASE WHEN longitude < ${west}::float8 THEN longitude + 360 ELSE longitude END - ${west}::float8 AS x,
               country, region, town
        FROM content
        WHERE latitude IS NOT NULL ${fitting(sql, inBox)} AND EXISTS (${shownFile(sql)})
        OFFSET 0) AS picture
      GROUP BY cell_x, cell_y, country, region, town)
    SELECT
      (SELECT coalesce(jsonb_agg(cell), '[]') FROM (
        SELECT sum(n) AS count, sum(sum_x) / sum(n) AS x, sum(sum_y) / sum(n) AS latitude,
               min(min_x) AS "minX", max(max_x) AS "maxX", min(south) AS south, max(north) AS north,
               (array_agg(jsonb_build_object('town', town, 'region', nullif(region, ''), 'country', country) ORDER BY n DESC, town)
                FILTER (WHERE town IS NOT NULL))[1] AS place
        FROM part GROUP BY cell_x, cell_y) AS cell) AS cells,
      (SELECT coalesce(jsonb_agg(place ORDER BY count DESC, town), '[]') FROM (
        SELECT town, nullif(region, '') AS region, country, sum(n) AS count FROM part WHERE town IS NOT NULL
        GROUP BY country, region, town ORDER BY sum(n) DESC, town LIMIT ${mostPlaces}) AS place) AS places`;
  return {
    cells: (found?.cells ?? []).map(({ x, minX, maxX, south, north, ...rest }) => ({
      ...rest,
      longitude: wrapped(west + x),
      box: { west: wrapped(west + minX), south, east: wrapped(west + maxX), north },
    })),
    places: found?.places ?? [],
  };
}

/** Some file shows this content on the timeline; in the words of the timeline's index. */
const shownFile = (sql: Queries) => sql`
  SELECT FROM file WHERE file.hash = content.hash AND file.taken_at IS NOT NULL AND file.missing_since IS NULL
    AND file.type IN ('image', 'video') AND file.main_id IS NULL AND ${underRoots(sql)}`;
