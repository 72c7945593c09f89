import type { Distances } from '../model/distances.ts';
import { CodedError } from '../model/errors.ts';
import type { SayOfGroup } from '../model/face-groups.ts';
import type { Say } from '../model/people.ts';
import type { Database } from '../sql/database.ts';
import { distancesOfPeople, readDistances, whatIsKnown, type StoredDistances } from '../sql/distances.ts';
import { facesOfGroup, getGroup, listGroups, readGrouping } from '../sql/face-groups.ts';
import { cropOfFace, cropOfRefimg, facesOfFile, facesOfPerson, facesToReview, getFace } from '../sql/faces.ts';
import {
  addPerson,
  changePerson,
  deletePerson,
  getPerson,
  listPeople,
  mergePeople,
  peopleToChoose,
  personNamed,
} from '../sql/people.ts';
import {
  addFaceAsRefimg,
  addRefimg,
  deleteRefimg,
  listRefimgs,
  personOfRefimg,
  switchRefimg,
  type NewRefimg,
} from '../sql/refimgs.ts';
import { writtenNames } from '../sql/regions.ts';
import { readStoredSettings } from '../sql/settings.ts';
import { splitPerson, type Split } from '../sql/split-person.ts';
import { together } from './together.ts';
import { confirmName, confirmNames, markFace, markFaces, rejectName, unsayName } from '../sql/said.ts';

/** What the pages ask of the tables of faces and people, and what people tell them. */
export function createPeople(sql: Database, ask: <T>(query: Promise<T>) => Promise<T>) {
  const say = async (face: number, said: Say): Promise<void> => {
    switch (said.do) {
      case 'confirm': {
        const person = 'person' in said ? said.person : await personNamed(sql, said.name.trim());
        return await confirmName(sql, face, person);
      }
      case 'reject':
        return await rejectName(sql, face, said.person);
      case 'unsay':
        return await unsayName(sql, face, said.person);
      case 'mark':
        return await markFace(sql, face, said.mark);
    }
  };

  const distances = async (): Promise<MeasuredFaces> => {
    const [measured, { faces, known }, people] = await Promise.all([
      readDistances(sql),
      whatIsKnown(sql),
      distancesOfPeople(sql),
    ]);
    const outdated = measured?.known !== known;
    const withAge = <D extends StoredDistances>(each: D) => ({ ...each, outdated });
    return { faces, outdated, everybody: measured && withAge(measured.everybody), people: people.map(withAge) };
  };

  const sayOfGroup = async (group: number, said: SayOfGroup): Promise<SaidOfGroup> => {
    const grouping = await readGrouping(sql);
    if (grouping?.id !== said.grouping) {
      throw new CodedError(
        'request.invalid',
        'The faces were grouped anew meanwhile. Look at the groups as they are now.',
      );
    }
    const except = new Set(said.except);
    const meant = (await facesOfGroup(sql, group)).filter((id) => !except.has(id));
    if (meant.length === 0) throw new CodedError('request.invalid', 'No face without a name was chosen.');
    if (said.do === 'mark') {
      const faces = await markFaces(sql, meant, said.mark);
      return { person: null, faces, left: meant.length - faces.length };
    }
    const person = 'person' in said ? said.person : await personNamed(sql, said.name.trim());
    await getPerson(sql, person);
    const named = new Set(await confirmNames(sql, meant, person));
    return { person, faces: meant.filter((id) => named.has(id)), left: meant.length - named.size };
  };

  return {
    people: together(() => ask(listPeople(sql))),
    peopleToChoose: together(() => ask(peopleToChoose(sql))),
    person: together((id: number) => ask(getPerson(sql, id))),
    addPerson: (name: string) => ask(addPerson(sql, name.trim())),
    personNamed: (name: string) => ask(personNamed(sql, name.trim())),
    changePerson: (id: number, change: Parameters<typeof changePerson>[2]) => ask(changePerson(sql, id, change)),
    deletePerson: (id: number) => ask(deletePerson(sql, id)),
    mergePeople: (from: number, into: number) => ask(mergePeople(sql, from, into)),
    splitPerson: (who: { from: number; into: number }, split: Split) => ask(splitPerson(sql, who, split)),
    facesOfPerson: (person: number, page: Parameters<typeof facesOfPerson>[2]) => ask(facesOfPerson(sql, person, page)),
    writtenNames: (limit: number) => ask(writtenNames(sql, limit)),
    refimgs: together((person: number) =>
      ask(readStoredSettings(sql).then(({ nameThreshold }) => listRefimgs(sql, person, nameThreshold))),
    ),
    addRefimg: (refimg: NewRefimg) => ask(addRefimg(sql, refimg)),
    addFaceAsRefimg: (person: number, face: number) => ask(addFaceAsRefimg(sql, person, face)),
    switchRefimg: (id: number, active: boolean) => ask(switchRefimg(sql, id, active)),
    personOfRefimg: (id: number) => ask(personOfRefimg(sql, id)),
    deleteRefimg: (id: number) => ask(deleteRefimg(sql, id)),
    facesOfFile: (file: number) => ask(facesOfFile(sql, file)),
    face: (id: number) => ask(getFace(sql, id)),
    facesToReview: (which: Parameters<typeof facesToReview>[1]) => ask(facesToReview(sql, which)),
    cropOfFace: (id: number) => ask(cropOfFace(sql, id)),
    cropOfRefimg: (id: number) => ask(cropOfRefimg(sql, id)),
    say: (face: number, said: Say) => ask(say(face, said)),
    distances: () => ask(distances()),
    unknownFaces: (page: Parameters<typeof listGroups>[1]) => ask(listGroups(sql, page)),
    faceGroup: (id: number, limit: number) => ask(getGroup(sql, id, limit)),
    grouping: () => ask(readGrouping(sql)),
    sayOfGroup: (group: number, said: SayOfGroup) => ask(sayOfGroup(group, said)),
  };
}

/** What was measured of named faces, and whether that is so still. */
export interface MeasuredFaces {
  /** Faces whose person is known now. */
  faces: number;
  outdated: boolean;
  everybody: Distances | null;
  people: (Distances & { person: number; name: string; threshold: number | null })[];
}

/** What came of a person's word on a group. */
export interface SaidOfGroup {
  /** Whose faces they are now; null where they were set aside. */
  person: number | null;
  /** Those that were meant and had no name, the best first. */
  faces: number[];
  /** Those that were meant, but have got a name meanwhile, or are not this person as somebody said. */
  left: number;
}
