import { randomUUID } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Value from 'typebox/value';
import { readConfig } from '../config.ts';
import { CodedError } from '../model/errors.ts';
import { PersonName } from '../model/people.ts';
import { FoundReferences, type ReferenceFolder, referenceFiles } from '../model/reference-upload.ts';
import { personNamed } from '../sql/people.ts';
import { succeeded, withJobs } from './with-jobs.ts';
import { fromHere } from './from-here.ts';

/** `photo-assistant faces references FOLDER`: makes reference images of a folder's pictures, and tells what became of each. */
export async function references(folder: string, { person: name }: { person?: string }): Promise<void> {
  const { trialsDir } = readConfig();
  const order: ReferenceFolder = { path: fromHere(folder) };
  if (name !== undefined && !Value.Check(PersonName, name))
    throw new CodedError('request.invalid', 'A name has 1 to 200 letters.');
  await withJobs(async (jobs, sql) => {
    const trial = randomUUID();
    const dir = path.join(trialsDir, trial);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await writeFile(path.join(dir, referenceFiles.folder), JSON.stringify(order));
    const { id } = await jobs.addRefimgs(trial, name === undefined ? null : await personNamed(sql, name.trim()));
    await succeeded(jobs, id);
    const text = await readFile(path.join(dir, referenceFiles.result), 'utf8');
    const { pictures, left } = Value.Parse(FoundReferences, JSON.parse(text));
    for (const picture of pictures) console.log(`${picture.person?.name ?? '-'}: ${picture.name}: ${outcome(picture)}`);
    if (left > 0) console.log(`${left} more files were left out: they are too many at once.`);
  });
}

function outcome({ error, faces, refimg, foundBy }: FoundReferences['pictures'][number]): string {
  if (error !== null) return error;
  if (refimg !== null) return 'taken';
  return foundBy === 'assumed'
    ? 'no face was found; draw a box on the page of people'
    : `${faces.length} faces; choose one on the page of people`;
}
