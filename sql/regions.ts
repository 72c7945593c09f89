import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import type { Queries } from './database.ts';

const Stored = Type.Array(
  Type.Object({
    name: Type.Union([Type.String(), Type.Null()]),
    type: Type.String(),
    left: Type.Number(),
    top: Type.Number(),
    width: Type.Number(),
    height: Type.Number(),
  }),
);
const Dimensions = Type.Object({ W: Type.Number(), H: Type.Number() });

/** A picture with names that other programs have written into it, or into its sidecar. */
export interface FileWithRegions {
  id: number;
  hash: Buffer;
  /** Of the upright picture, in pixels. */
  width: number;
  height: number;
  /** EXIF orientation, 1 to 8. */
  orientation: number;
  /** The sidecar's come before the file's own. */
  written: { regions: Static<typeof Stored>; appliedTo: { width: number; height: number } | null }[];
}

/** A name that is written in files, however it is spelled as to case, and in how many pictures. */
export interface WrittenName {
  name: string;
  pictures: number;
  /** The person with this name, if there is one. */
  person: number | null;
}

/** Contents with named faces, each with the picture it tells of: the file itself, or what it is a sidecar of. */
const named = (sql: Queries) => sql`
  SELECT CASE WHEN file.part = 'sidecar' THEN file.main_id ELSE file.id END AS picture, marked->>'name' AS name
  FROM content JOIN file ON file.hash = content.hash, jsonb_array_elements(content.regions) marked
  WHERE content.regions <> '[]' AND marked->>'type' = 'face' AND btrim(marked->>'name') <> '' AND file.missing_since IS NULL
    AND (file.type = 'image' OR file.part = 'sidecar')`;

const pictures = (sql: Queries) => sql`
  file JOIN content ON content.hash = file.hash AND content.thumb AND content.width IS NOT NULL
  WHERE file.type = 'image' AND file.missing_since IS NULL`;

/** All names that are written in pictures, the most frequent first. */
export async function writtenNames(sql: Queries, limit: number): Promise<WrittenName[]> {
  return await sql<WrittenName[]>`
    SELECT min(n.name) AS name, count(DISTINCT n.picture)::int AS pictures,
           (SELECT person.id FROM person WHERE lower(person.name) = lower(btrim(min(n.name)))) AS person
    FROM (${named(sql)}) n JOIN (SELECT file.id FROM ${pictures(sql)}) p ON p.id = n.picture
    GROUP BY lower(btrim(n.name)) ORDER BY count(DISTINCT n.picture) DESC, min(n.name) LIMIT ${limit}`;
}

/**
 * The numbers of the pictures in which some of these names are written, in their order, after the number `after`. All that
 * is written anywhere is looked through for them.
 */
export async function picturesWithNames(sql: Queries, names: readonly string[], after: number): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    SELECT DISTINCT p.id FROM (${named(sql)}) n JOIN (SELECT file.id FROM ${pictures(sql)}) p ON p.id = n.picture
    WHERE lower(btrim(n.name)) IN (SELECT lower(btrim(asked)) FROM unnest(${names}::text[]) asked) AND p.id > ${after}
    ORDER BY p.id`;
  return rows.map(({ id }) => id);
}

/** These pictures, with what is written in them, by number. */
export async function filesWithRegions(sql: Queries, pictures: readonly number[]): Promise<FileWithRegions[]> {
  const rows = await sql<(Omit<FileWithRegions, 'written'> & { regions: unknown; dimensions: unknown })[]>`
    SELECT picture.id, picture.hash, looks.width, looks.height, coalesce(looks.orientation, 1)::int AS orientation,
           told.regions, told.tags #> '{XMP:RegionInfo,AppliedToDimensions}' AS dimensions
    FROM file picture JOIN content looks ON looks.hash = picture.hash
      JOIN file teller ON teller.missing_since IS NULL AND (teller.id = picture.id OR teller.main_id = picture.id AND teller.part = 'sidecar')
      JOIN content told ON told.hash = teller.hash AND told.regions <> '[]'
    WHERE picture.id = ANY (${pictures}) ORDER BY picture.id, teller.id = picture.id, teller.id`;
  return [...Map.groupBy(rows, (row) => row.id).values()].flatMap((its) => {
    const [first] = its;
    if (!first) return [];
    const { id, hash, width, height, orientation } = first;
    const written = its.map(({ regions, dimensions }) => ({
      regions: Value.Check(Stored, regions) ? regions : [],
      appliedTo: Value.Check(Dimensions, dimensions) ? { width: dimensions.W, height: dimensions.H } : null,
    }));
    return [{ id, hash, width, height, orientation, written }];
  });
}
