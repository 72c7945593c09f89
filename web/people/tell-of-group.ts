import type { SayOfGroup } from '../../model/face-groups.ts';
import type { SaidOfGroup } from '../people-library.ts';
import { startAfter } from '../jobs/follow-up.ts';
import type { Web } from '../shared.ts';

/** As many reference images as name a person well. */
const enough = 5;

/**
 * Notes what a person says of a group. A person who has no reference image gets the best faces of the group as such, and
 * is looked for in all faces without a name.
 */
export async function tellOfGroup(
  { library, jobs }: Pick<Web, 'library' | 'jobs'>,
  group: number,
  said: SayOfGroup,
): Promise<SaidOfGroup> {
  const told = await library.sayOfGroup(group, said);
  if (told.person === null || told.faces.length === 0) return told;
  const { activeRefimgs } = await library.person(told.person);
  if (activeRefimgs === 0) {
    for (const face of told.faces.slice(0, enough)) await library.addFaceAsRefimg(told.person, face);
  }
  await startAfter(jobs, { kind: 'identifyPerson', person: told.person });
  return told;
}
