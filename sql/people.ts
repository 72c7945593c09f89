import { CodedError } from '../model/errors.ts';
import type { Person, PersonToChoose } from '../model/people.ts';
import type { Database, Queries } from './database.ts';
import { holdingPeople } from './hold-people.ts';

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
    FROM file_person_link l WHERE l.person_id = person.id AND l.state <> 'rejected' AND NOT l.missing) AS links ON true`;

/** All persons by name. */
export async function listPeople(sql: Queries): Promise<Person[]> {
  return await sql<Person[]>`SELECT ${columns(sql)} FROM ${withLinks(sql)} ORDER BY hidden, lower(name)`;
}

/** All persons by name, as far as choosing one of them needs it: what is counted for a list of people takes longer. */
export async function peopleToChoose(sql: Queries): Promise<PersonToChoose[]> {
  return await sql<PersonToChoose[]>`
    SELECT person.id, person.name,
           (SELECT count(*)::int FROM refimg WHERE refimg.person_id = person.id AND active) AS "activeRefimgs"
    FROM person ORDER BY hidden, lower(name)`;
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

/** The person with this name, in whatever case, or a new one. @returns the number */
export async function personNamed(sql: Queries, name: string): Promise<number> {
  await sql`INSERT INTO person (name) VALUES (${name}) ON CONFLICT (lower(name)) DO NOTHING`;
  const [row] = await sql<{ id: number }[]>`SELECT id FROM person WHERE lower(name) = lower(${name})`;
  // Deleted in between.
  return row ? row.id : await personNamed(sql, name);
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

/** Links and reference images go, faces stay. Throws person.unknown. */
export async function deletePerson(sql: Database, id: number): Promise<void> {
  await holdingPeople(sql, { persons: [id] }, async (tx) => {
    const deleted = await tx`DELETE FROM person WHERE id = ${id} RETURNING id`;
    if (deleted.length === 0) throw unknown(id);
  });
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
 * Makes one person of two: reference images and names of `from` become those of `into`, then `from` goes. Where something
 * was said of a face for both, the confirmed word stands before the rejected one, and what a person said before what a scan
 * thinks. Throws person.unknown.
 */
export async function mergePeople(sql: Database, from: number, into: number): Promise<void> {
  await holdingPeople(sql, { persons: [from, into] }, async (tx) => {
    const both = await tx`SELECT FROM person WHERE id IN (${from}, ${into})`;
    if (both.length !== 2)
      throw new CodedError('person.unknown', 'Two persons are made one; one of these is not there.');
    await tx`
      UPDATE refimg SET person_id = ${into} WHERE person_id = ${from} AND NOT EXISTS (
        SELECT FROM refimg other WHERE other.person_id = ${into} AND (other.hash, other.x, other.y) = (refimg.hash, refimg.x, refimg.y))`;
    await tx`
      DELETE FROM file_person_link link USING file_person_link other
      WHERE link.person_id = ${into} AND other.face_id = link.face_id AND other.person_id = ${from}
        AND (other.state = 'confirmed' OR other.state = 'rejected' AND link.state = 'auto')`;
    await tx`
      DELETE FROM file_person_link link USING file_person_link other
      WHERE link.person_id = ${from} AND other.face_id = link.face_id AND other.person_id = ${into}`;
    await tx`UPDATE file_person_link SET person_id = ${into} WHERE person_id = ${from}`;
    await tx`DELETE FROM person WHERE id = ${from}`;
  });
}
