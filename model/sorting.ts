import Type, { type Static } from 'typebox';

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
