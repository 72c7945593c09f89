import { CodedError } from '../model/errors.ts';
import { listPeople } from '../sql/people.ts';
import { withJobs } from './with-jobs.ts';

interface IdentifyOptions {
  person?: string;
  dir?: string;
  all?: boolean;
}

/** `photo-assistant faces identify`: finds out whose faces there are. A person is told by name or number. */
export async function identify({ person, dir, all }: IdentifyOptions): Promise<void> {
  await withJobs(async (jobs, sql) => {
    const sought = person?.toLowerCase();
    const found = (await listPeople(sql)).find(
      ({ id, name }) => name.toLowerCase() === sought || String(id) === sought,
    );
    if (person !== undefined && !found) throw new CodedError('person.unknown', `There is no person ${person}.`);
    const number = dir === undefined ? undefined : Number(dir);
    if (number !== undefined && !Number.isSafeInteger(number)) {
      throw new CodedError('dir.unknown', `--dir takes the number of a directory, not ${dir}.`);
    }
    const { id } = await jobs.start({
      kind: 'identifyPerson',
      ...(found && { person: found.id }),
      ...(number === undefined ? {} : { dir: number }),
      ...(all && { all }),
    });
    console.log(id);
  });
}
