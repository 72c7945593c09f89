import Type, { type Static } from 'typebox';
import type { Certainty, FileType } from './library.ts';
import type { ByteString } from './names.ts';

/** Of the text that says where files belong; docs/sorting.md tells the language. */
const patternText = { minLength: 1, maxLength: 500, title: 'Pattern' };

/** What must all be so for a rule to fit. */
const SortingCondition = Type.Object(
  {
    type: Type.Optional(Type.Enum(['image', 'video'], { title: 'Type' })),
    date: Type.Optional(
      Type.Enum(['unknown', 'uncertain'], {
        title: 'Date',
        description: 'Unknown: nothing tells but the time of the file. Uncertain: unknown, or only a date of change.',
      }),
    ),
    camera: Type.Optional(
      Type.String({ minLength: 1, maxLength: 500, title: 'Camera', description: 'Case does not matter.' }),
    ),
    country: Type.Optional(Type.String({ pattern: '^[A-Z]{2}$', title: 'Country', description: 'ISO 3166 alpha-2' })),
    extensions: Type.Optional(
      Type.Array(Type.String({ pattern: '^\\w{1,20}$' }), {
        minItems: 1,
        maxItems: 100,
        title: 'Extensions',
        description: 'One of these, without the dot. Case does not matter.',
      }),
    ),
    dir: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 255,
        title: 'Directory',
        description: 'Name of the directory that holds it. * and ? stand for other characters; case does not matter.',
      }),
    ),
  },
  { additionalProperties: false, minProperties: 1 },
);
export type SortingCondition = Static<typeof SortingCondition>;

const SortingRule = Type.Object(
  { when: SortingCondition, pattern: Type.String(patternText) },
  { additionalProperties: false },
);

/** Where the files of a storage path belong: one schema for database, form and API. */
export const SortingRules = Type.Object(
  {
    pattern: Type.String({ ...patternText, default: "{year}/{year}-{month}-{day} {place|event|''}/{name}" }),
    rules: Type.Array(SortingRule, {
      maxItems: 50,
      title: 'Rules',
      description: 'The first that fits counts instead of the pattern.',
      default: [{ when: { date: 'unknown' }, pattern: 'unsorted/{dir}/{name}' }],
    }),
  },
  { additionalProperties: false },
);
export type SortingRules = Static<typeof SortingRules>;

/** What is known of a file that tells where it belongs. */
export interface PhotoToSort {
  fname: ByteString;
  type: FileType;
  taken: {
    /** By the clocks of the place: `YYYY-MM-DDTHH:MM:SS[.mmm]`. */
    local: string;
    /** A tag, `sidecar` and a tag, `file name`, or `file time`. */
    source: string;
    certainty: Certainty;
  } | null;
  camera: string | null;
  town: string | null;
  region: string | null;
  /** ISO 3166 alpha-2. */
  country: string | null;
  title: string | null;
  /** The last part of the path of the dir that holds it; of a root's own dir the last part of the root's path. */
  dir: ByteString;
}
