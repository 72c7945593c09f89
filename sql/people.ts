import { CodedError } from '../model/errors.ts';
import type { Person } from '../model/people.ts';
import type { Database, Queries } from './database.ts';

const columns = (sql: Queries) => sql`
  person.id, person.name, person.threshold, person.hidden,
  (SELECT count(*)::int FROM refimg WHERE refimg.person_id = person.id) AS refimgs,
  (SELECT count(*)::int FROM refimg WHERE refimg.person_id = person.id AND active) AS "activeRefimgs",
  coalesce(links.faces, 0) AS faces, coalesce(links.confirmed, 0) AS confirmed, coalesce(links.perhaps, 0) AS perhaps,
  coalesce(
    (SELECT refimg.id FROM refimg WHERE refimg.person_id = person.id ORDER BY active DESC, size DESC, id LIMIT 1)) AS cover`;

const withLinks = (sql: Queries) => sql`
  person LEFT JOIN LATERAL (
    SELECT count(*)::int AS faces, count(*) FILTER (WHERE state = 'confirmed')::int AS confirmed,
           count(*) FILTER (WHERE perhaps)::int AS perhaps
    FROM file_person_link l JOIN face ON face.id = l.face_id JOIN file ON file.id = face.file_id
    WHERE l.person_id = person.id AND l.state <> 'rejected' AND file.missing_since IS NULL) AS links ON true`;

/** All persons by name. */
export async function listPeople(sql: Queries): Promise<Person[]> {
  return await sql<Person[]>`SELECT ${columns(sql)} FROM ${withLinks(sql)} ORDER BY hidden, lower(name)`;
}

/** Throws person.unknown. */
export async function getPerson(sql: Queries, id: number): Promise<Person> {
  const [row] = await sql<Person[]>`SELECT ${columns(sql)} FROM ${withLinks(sql)} WHERE person.id = ${id}`;
  if (!row) throw unknown(id);
  return row;
}

const unknown = (id: number) => new CodedError('person.unknown', `There is no person with the number ${id}.`);

/** @returns the number of the new person. Throws person.name-taken. */
export async function addPerson(sql: Queries, name: string): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    INSERT INTO person (name) VALUES (${name}) ON CONFLICT (lower(name)) DO NOTHING RETURNING id`;
  if (!row) throw new CodedError('person.name-taken', `There is a person named ${name} already.`);
  return row.id;
}

/** The person of this name, who is added where there is none. @returns the number */
export async function personNamed(sql: Queries, name: string): Promise<number> {
  const [known] = await sql<{ id: number }[]>`SELECT id FROM person WHERE lower(name) = lower(${name})`;
  return known?.id ?? (await addPerson(sql, name));
}

/** Changes what is given. Throws person.unknown, person.name-taken. */
export async function changePerson(
  sql: Queries,
  id: number,
  { name, hidden, threshold }: { name?: string; hidden?: boolean; threshold?: number | null },
): Promise<void> {
  if (name !== undefined) {
    const [taken] = await sql`SELECT FROM person WHERE lower(name) = lower(${name}) AND id <> ${id}`;
    if (taken) throw new CodedError('person.name-taken', `There is a person named ${name} already.`);
  }
  const changed = await sql`
    UPDATE person SET name = coalesce(${name ?? null}, name), hidden = coalesce(${hidden ?? null}, hidden),
      threshold = ${threshold === undefined ? sql`threshold` : threshold}
    WHERE id = ${id} RETURNING id`;
  if (changed.length === 0) throw unknown(id);
}

/** Links and reference images go, faces stay. */
export async function deletePerson(sql: Queries, id: number): Promise<void> {
  const deleted = await sql`DELETE FROM person WHERE id = ${id} RETURNING id`;
  if (deleted.length === 0) throw unknown(id);
}

/** Of every person the threshold of its own, null where it has none. */
export async function personThresholds(sql: Queries): Promise<Map<number, number | null>> {
  const rows = await sql<{ id: number; threshold: number | null }[]>`SELECT id, threshold FROM person ORDER BY id`;
  return new Map(rows.map((row) => [row.id, row.threshold]));
}

/** Names by number, for titles of jobs. */
export async function personNames(sql: Queries, ids: readonly number[]): Promise<Map<number, string>> {
  const rows = await sql<{ id: number; name: string }[]>`SELECT id, name FROM person WHERE id = ANY (${ids})`;
  return new Map(rows.map((row) => [row.id, row.name]));
}

/**
 * Makes one person of two: reference images and names of `from` become those of `into`, then `from` goes. Where both were
 * said of a face, what was said of `into` stands. Throws person.unknown.
 */
export async function mergePeople(sql: Database, from: number, into: number): Promise<void> {
  await sql.begin(async (tx) => {
    const both = await tx`SELECT FROM person WHERE id IN (${from}, ${into}) FOR UPDATE`;
    if (both.length !== 2)
      throw new CodedError('person.unknown', 'Two persons are made one; one of these is not there.');
    await tx`
      UPDATE refimg SET person_id = ${into} WHERE person_id = ${from} AND NOT EXISTS (
        SELECT FROM refimg other WHERE other.person_id = ${into} AND (other.hash, other.x, other.y) = (refimg.hash, refimg.x, refimg.y))`;
    // What was rejected of one of two names of one person was a wrong word.
    await tx`DELETE FROM file_person_link WHERE person_id = ${from} AND state = 'rejected'`;
    await tx`
      DELETE FROM file_person_link link USING file_person_link other
      WHERE link.person_id = ${into} AND link.state = 'rejected' AND other.face_id = link.face_id AND other.person_id = ${from}`;
    await tx`UPDATE file_person_link SET person_id = ${into} WHERE person_id = ${from}`;
    await tx`DELETE FROM person WHERE id = ${from}`;
  });
}
