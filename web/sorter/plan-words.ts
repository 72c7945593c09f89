import type { Choice, LeftReason, MoveState, Plan, PlanNote, PlanState, Why } from '../../model/move-plan.ts';
import { howSure, whyThisDate } from '../photos/why-date.ts';
import { counted, dayInWords } from '../words.ts';

/** How plans, and what becomes of their files, are said to people. */

export const stateWords: Record<PlanState, string> = {
  making: 'being made',
  draft: 'to be looked at',
  approved: 'approved',
  done: 'done',
  discarded: 'thrown away',
};

const alreadyThere = 'The same, byte for byte, is in the storage path already, or goes there with this plan.';

/** What a person has to look at: a word, and what it means. */
export const noteWords: Record<PlanNote, { word: string; means: string }> = {
  'no date': { word: 'no date', means: 'Nothing tells when it was taken.' },
  'uncertain date': { word: 'uncertain date', means: 'It may have been taken at another time.' },
  'name taken': { word: 'name taken', means: 'There is another file of that name, or another one goes there.' },
  duplicate: { word: 'already there', means: alreadyThere },
  'bundle incomplete': { word: 'parts missing', means: 'Something that belongs to the picture does not go along.' },
  'other disk': { word: 'other disk', means: 'It is copied, compared, and only then removed where it was.' },
  'no room': { word: 'no room', means: 'The disk has not enough room for it.' },
};

/** Why files stay where they are: a word, and what it means. */
export const leftWords: Record<LeftReason, { word: string; means: string }> = {
  duplicate: { word: 'already there', means: alreadyThere },
  'name taken': { word: 'name taken', means: 'There is another file of that name.' },
  chosen: { word: 'your choice', means: 'You said that it stays.' },
  'ignored name': { word: 'ignored name', means: 'The settings ignore such names: it would not be found again.' },
  'path too long': { word: 'path too long', means: 'So deep a directory would not be found again.' },
  'in place': { word: 'in place', means: 'It is where it belongs.' },
  'no photo': { word: 'no picture', means: 'It is no picture, no video, and part of none.' },
  'not read': { word: 'not read', means: 'It has not been read, or can not be: nothing is known of it.' },
};

export const choiceWords: Record<Choice, { word: string; means: string }> = {
  skip: { word: 'Skip', means: 'It stays, and the next plan asks again.' },
  leave: { word: 'Leave for good', means: 'It stays in the import path, and later plans do not ask again.' },
  'keep both': { word: 'Keep both', means: 'It goes under a name of its own, such as IMG_1[2].jpg.' },
};

export const moveStateWords: Record<MoveState, string> = {
  planned: 'to be moved',
  left: 'stays',
  moving: 'on its way',
  moved: 'moved',
  failed: 'failed',
  undone: 'taken back',
};

/** Which files a plan is about. */
export function scopeInWords({ wanted: { roots, dir, files, from, until } }: Pick<Plan, 'wanted'>): string {
  const what = files
    ? counted(files.length, 'chosen file')
    : dir !== undefined
      ? 'files of one directory'
      : roots
        ? `files of ${counted(roots.length, 'path')}`
        : 'files of all import paths';
  const since = from === undefined ? '' : ` from ${dayInWords(from)}`;
  return `${what}${since}${until === undefined ? '' : ` up to ${dayInWords(until)}`}`;
}

const shownTokens: Record<string, string> = {
  place: 'Place',
  town: 'Town',
  region: 'Region',
  country: 'Country',
  event: 'Event',
  dir: 'Folder',
  camera: 'Camera',
  title: 'Title',
};

/** What a place was made of, a sentence each; `sure` of a date says more. */
export function whyInWords({ date, used, rule }: Why): { text: string; sure?: string }[] {
  const tokens = new Map(used.map(({ token, text }) => [token, text]));
  return [
    ...(date === null
      ? []
      : [
          {
            text: `Taken ${dayInWords(date.local)}, ${date.local.slice(11, 16)}: ${date.certainty}`,
            sure: `${whyThisDate(date.source)} ${howSure[date.certainty]}`,
          },
        ]),
    ...[...tokens].flatMap(([token, text]) => (shownTokens[token] ? [{ text: `${shownTokens[token]}: ${text}` }] : [])),
    ...(rule === null ? [] : [{ text: `By rule ${rule + 1}` }]),
  ];
}
