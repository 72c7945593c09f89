import type { Say } from '../../model/people.ts';
import { startAfter } from '../jobs/follow-up.ts';
import type { Web } from '../shared.ts';

/**
 * Notes what a person says of a face. `reference`: a face that is confirmed becomes a reference image as well, and the person
 * is looked for by it in all faces without a name.
 */
export async function tellOfFace(
  { library, jobs }: Pick<Web, 'library' | 'jobs'>,
  face: number,
  said: Say,
  reference: boolean,
): Promise<void> {
  await library.say(face, said);
  if (said.do !== 'confirm' || !reference) return;
  const { name } = await library.face(face);
  if (!name) return;
  await library.addFaceAsRefimg(name.person.id, face);
  await startAfter(jobs, { kind: 'identifyPerson', person: name.person.id });
}
