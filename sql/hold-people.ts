import type { Database, Queries } from './database.ts';

/**
 * Runs `work` in a transaction that holds the files whose names hang on some persons or reference images, in the order of
 * their numbers, and then these persons. All who change names hold files before anything else, so none waits for another in
 * a ring. What got such a name while this waited would be held too late: then it begins anew. `persons` that are not there
 * are no error here.
 */
export async function holdingPeople<T>(
  sql: Database,
  { persons, refimgs = [] }: { persons: readonly number[]; refimgs?: readonly number[] },
  work: (tx: Queries) => Promise<T>,
): Promise<T> {
  for (;;) {
    const done = await sql.begin(async (tx) => {
      const files = await filesNamed(tx, persons, refimgs);
      await holdFiles(tx, files);
      await tx`SELECT FROM person WHERE id = ANY (${persons}) ORDER BY id FOR UPDATE`;
      await tx`SELECT FROM refimg WHERE id = ANY (${refimgs}) ORDER BY id FOR UPDATE`;
      const held = new Set(files);
      if (!(await filesNamed(tx, persons, refimgs)).every((file) => held.has(file))) return null;
      return { result: await work(tx) };
    });
    if (done) return done.result;
  }
}

/** Holds files until the end of the transaction: what scans and people say of their faces comes one after another. */
async function holdFiles(tx: Queries, files: readonly number[]): Promise<void> {
  await tx`SELECT FROM file WHERE id = ANY (${files}) ORDER BY id FOR UPDATE`;
}

/** Files with a link to one of the persons, or by one of their reference images, also as second best. */
async function filesNamed(tx: Queries, persons: readonly number[], refimgs: readonly number[]): Promise<number[]> {
  const rows = await tx<{ id: number }[]>`
    SELECT DISTINCT face.file_id AS id FROM file_person_link l JOIN face ON face.id = l.face_id
    WHERE l.person_id = ANY (${persons}) OR l.runner_up_id = ANY (${persons}) OR l.refimg_id = ANY (${refimgs})
      OR l.refimg_id IN (SELECT refimg.id FROM refimg WHERE refimg.person_id = ANY (${persons}))`;
  return rows.map((row) => row.id);
}
