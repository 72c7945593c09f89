import Type, { type Static } from 'typebox';

/**
 * What to do with a file whose name is taken, or that the storage path has already. `skip`: it stays, and the next plan asks
 * again. `leave`: it stays for good. `keep both`: it goes under a name of its own.
 */
export const Choice = Type.Enum(['skip', 'leave', 'keep both']);
export type Choice = 'skip' | 'leave' | 'keep both';

const number = Type.Integer({ minimum: 1, maximum: 2_147_483_647 });
const day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

/** What a person asks a plan to be about; also the body of `POST /api/plans`. */
export const PlanWanted = Type.Object(
  {
    root: { ...number, description: 'the storage path that files go to' },
    to: Type.Optional(
      Type.String({ maxLength: 4096, description: 'a sub-directory of it; absent: where its pattern says' }),
    ),
    roots: Type.Optional(
      Type.Array(number, {
        minItems: 1,
        maxItems: 200,
        description: 'files of these paths; absent: of all import paths',
      }),
    ),
    dir: Type.Optional({ ...number, description: 'only files of this directory, and of those below it' }),
    files: Type.Optional(Type.Array(number, { minItems: 1, maxItems: 5000, description: 'only these files' })),
    from: Type.Optional({ ...day, description: 'only files taken on this day or later' }),
    until: Type.Optional({ ...day, description: 'only files taken on this day or earlier' }),
    onTaken: Type.Optional(Choice),
    onDuplicate: Type.Optional(Choice),
    removeEmptied: Type.Optional(Type.Boolean({ description: 'remove directories that are empty afterwards' })),
    again: Type.Optional(Type.Boolean({ description: 'also files that were left where they are for good' })),
  },
  { additionalProperties: false },
);
export type PlanWanted = Static<typeof PlanWanted>;

export const PlanState = Type.Enum(['making', 'draft', 'approved', 'done', 'discarded']);
export type PlanState = 'making' | 'draft' | 'approved' | 'done' | 'discarded';

export const MoveState = Type.Enum(['planned', 'left', 'moving', 'moved', 'failed', 'undone']);
export type MoveState = 'planned' | 'left' | 'moving' | 'moved' | 'failed' | 'undone';

/** What a person has to look at. */
export const planNotes = [
  'no date',
  'uncertain date',
  'name taken',
  'duplicate',
  'bundle incomplete',
  'other disk',
  'no room',
] as const;
export type PlanNote = (typeof planNotes)[number];
const Note = Type.Enum([...planNotes]);

/** Why a file of a plan stays where it is. */
export const leftReasons = [
  'duplicate',
  'name taken',
  'chosen',
  'ignored name',
  'path too long',
  'in place',
  'no photo',
  'not read',
] as const;
export type LeftReason = (typeof leftReasons)[number];
const Left = Type.Enum([...leftReasons]);

/** Every file the plan found is in one of the others: found = planned + moved + skipped + duplicates + failed + undone. */
export const Ledger = Type.Object({
  found: Type.Integer(),
  /** To be moved, or on their way. */
  planned: Type.Integer(),
  moved: Type.Integer(),
  /** They stay, for another reason than that the storage path has them already. */
  skipped: Type.Integer(),
  duplicates: Type.Integer(),
  failed: Type.Integer(),
  undone: Type.Integer(),
});
export type Ledger = Static<typeof Ledger>;

/** A plan as the API and the pages show it. */
export const Plan = Type.Object({
  id: Type.Integer(),
  state: PlanState,
  wanted: PlanWanted,
  /** How often it was changed: an approval may say which one was seen. */
  changes: Type.Integer(),
  /** Of the storage path. */
  path: Type.String(),
  pattern: Type.String(),
  madeAt: Type.String({ format: 'date-time' }),
  approvedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  endedAt: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
  ledger: Ledger,
  /** Of files that are to be moved, or were; bytes. */
  bytes: Type.Number(),
  /** Wanted back where they were, and not there yet. */
  wantedBack: Type.Integer(),
});
export type Plan = Static<typeof Plan>;

/** How many files have a note, and how many stay for which reason. */
export const PlanCounts = Type.Object({
  notes: Type.Array(Type.Object({ note: Note, files: Type.Integer() })),
  left: Type.Array(Type.Object({ because: Left, files: Type.Integer() })),
});
export type PlanCounts = Static<typeof PlanCounts>;

/** A directory of the storage path as the plan leaves it. */
export const PlannedDir = Type.Object({
  /** Below the storage path; '' is the path itself. */
  path: Type.String(),
  /** The path's bytes, base64: names are bytes, and two may look alike. */
  key: Type.String(),
  /** Files that go into it or one below it, with those that stay instead. */
  files: Type.Integer(),
  /** Of those that go. */
  bytes: Type.Number(),
  /** Of these: those with a note. */
  noted: Type.Integer(),
  left: Type.Integer(),
  /** Right in it, not in one below. */
  own: Type.Integer(),
  hasDirs: Type.Boolean(),
});
export type PlannedDir = Static<typeof PlannedDir>;

/** What a place was made of. */
export const Why = Type.Object({
  date: Type.Union([
    Type.Object({
      local: Type.String(),
      source: Type.String(),
      certainty: Type.Enum(['certain', 'likely', 'uncertain']),
    }),
    Type.Null(),
  ]),
  used: Type.Array(Type.Object({ token: Type.String(), text: Type.String(), from: Type.String() })),
  /** The rule that decided, counted from 0; null: the pattern, or a person. */
  rule: Type.Union([Type.Integer(), Type.Null()]),
});
export type Why = Static<typeof Why>;

/** One file of a plan. */
export const Move = Type.Object({
  id: Type.Integer(),
  /** Files of one unit are one picture, and go as one. */
  unit: Type.Integer(),
  /** Null where the file is not known any more. */
  file: Type.Union([Type.Integer(), Type.Null()]),
  /** The picture itself, not a part of it. */
  isLead: Type.Boolean(),
  thumb: Type.Union([Type.String(), Type.Null()]),
  from: Type.String(),
  /** Below the storage path; of files that stay: where it would have gone. */
  to: Type.String(),
  size: Type.Number(),
  state: MoveState,
  notes: Type.Array(Note),
  leftBecause: Type.Union([Left, Type.Null()]),
  forGood: Type.Boolean(),
  why: Type.Union([Why, Type.Null()]),
  error: Type.Union([Type.Object({ code: Type.String(), message: Type.String() }), Type.Null()]),
});
export type Move = Static<typeof Move>;

/** What a person decides for some pictures of a draft; null takes it back. */
export const UnitChoice = Type.Object(
  {
    units: Type.Array(number, { minItems: 1, maxItems: 5000 }),
    choice: Type.Optional(Type.Union([Choice, Type.Null()])),
    to: Type.Optional(Type.Union([Type.String({ maxLength: 4096 }), Type.Null()])),
  },
  { additionalProperties: false },
);
export type UnitChoice = Static<typeof UnitChoice>;
