import type { Say } from '../model/people.ts';
import type { Database } from '../sql/database.ts';
import { cropOfFace, cropOfRefimg, facesOfFile, facesOfPerson, facesToReview, getFace } from '../sql/faces.ts';
import {
  addPerson,
  changePerson,
  deletePerson,
  getPerson,
  listPeople,
  mergePeople,
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
import { confirmName, markFace, rejectName, unsayName } from '../sql/said.ts';
import { splitPerson, type Split } from '../sql/split-person.ts';

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
  return {
    people: () => ask(listPeople(sql)),
    person: (id: number) => ask(getPerson(sql, id)),
    addPerson: (name: string) => ask(addPerson(sql, name.trim())),
    personNamed: (name: string) => ask(personNamed(sql, name.trim())),
    changePerson: (id: number, change: Parameters<typeof changePerson>[2]) => ask(changePerson(sql, id, change)),
    deletePerson: (id: number) => ask(deletePerson(sql, id)),
    mergePeople: (from: number, into: number) => ask(mergePeople(sql, from, into)),
    splitPerson: (who: { from: number; into: number }, split: Split) => ask(splitPerson(sql, who, split)),
    facesOfPerson: (person: number, page: Parameters<typeof facesOfPerson>[2]) => ask(facesOfPerson(sql, person, page)),
    writtenNames: (limit: number) => ask(writtenNames(sql, limit)),
    refimgs: (person: number) => ask(listRefimgs(sql, person)),
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
  };
}
