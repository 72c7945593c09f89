import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { leftReasons, MoveState, planNotes, PlanWanted, UnitChoice } from '../../model/move-plan.ts';

const Id = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 });
const digits = Type.String({ pattern: '^\\d{1,9}$' });
/** Fields of a form that may be there several times. */
const Ids = Type.Union([digits, Type.Array(digits, { maxItems: 5000 })]);
type Ids = Static<typeof Ids>;
export const numbersOf = (ids: Ids | undefined): number[] => [ids ?? []].flat().map(Number);

export const RootParams = Type.Object({ root: Id });
export const PlanParams = Type.Object({ id: Id });

/** Which storage path is shown, and what a plan is to be about; `before` is the cursor of the list of plans. */
export const SorterQuery = Type.Object({
  root: Type.Optional(Id),
  dir: Type.Optional(Id),
  file: Type.Optional(Ids),
  before: Type.Optional(Id),
  saved: Type.Optional(Type.Literal('1')),
});
export type SorterQuery = Static<typeof SorterQuery>;

/** Which files of a plan are shown. A `dir` is told by its key; '' is the storage path itself. */
export const PlanQuery = Type.Object({
  dir: Type.Optional(Type.String({ maxLength: 8000, pattern: '^[A-Za-z0-9+/]*={0,2}$' })),
  note: Type.Optional(Type.Enum([...planNotes])),
  left: Type.Optional(Type.Enum([...leftReasons])),
  state: Type.Optional(MoveState),
  cursor: Type.Optional(Type.Integer({ minimum: 0 })),
});
export type PlanQuery = Static<typeof PlanQuery>;

const day = Type.String({ pattern: '^(\\d{4}-\\d{2}-\\d{2})?$' });
const choice = Type.Enum(['skip', 'leave', 'keep both']);
const on = Type.Optional(Type.Literal('on'));

/** Where files are to go, and what about names that are taken, and duplicates. */
const ChoicesForm = {
  /** Empty: where the pattern says. */
  to: Type.String({ maxLength: 4096 }),
  onTaken: choice,
  onDuplicate: choice,
  removeEmptied: on,
  again: on,
};

const WantedForm = Type.Object({
  ...ChoicesForm,
  root: digits,
  dir: Type.Optional(digits),
  file: Type.Optional(Ids),
  roots: Type.Optional(Ids),
  from: Type.Optional(day),
  until: Type.Optional(day),
});

/** A typed directory below the storage path; `/` is the storage path itself. */
const dirOf = (typed: string): string => typed.trim().replace(/^\/+|\/+$/g, '');

const choicesOf = ({ to, onTaken, onDuplicate, removeEmptied, again }: Static<Type.TObject<typeof ChoicesForm>>) => ({
  ...(to.trim() !== '' && { to: dirOf(to) }),
  onTaken,
  onDuplicate,
  ...(removeEmptied && { removeEmptied: true }),
  ...(again && { again: true }),
});

const checked = (wanted: object): PlanWanted => {
  if (Value.Check(PlanWanted, wanted)) return wanted;
  throw new CodedError('request.invalid', 'The form does not say what the plan is to be about.');
};

/** The plan a form asks for. Throws request.invalid. */
export function readWanted(body: unknown): PlanWanted {
  if (!Value.Check(WantedForm, body)) throw new CodedError('request.invalid', 'The form does not ask for a plan.');
  const files = numbersOf(body.file);
  const roots = numbersOf(body.roots);
  if (body.dir === undefined && files.length + roots.length === 0)
    throw new CodedError('request.invalid', 'No path was chosen.');
  return checked({
    root: Number(body.root),
    ...choicesOf(body),
    ...(body.dir !== undefined && { dir: Number(body.dir) }),
    ...(files.length > 0 && { files }),
    ...(roots.length > 0 && { roots }),
    ...(body.from && { from: body.from }),
    ...(body.until && { until: body.until }),
  });
}

/** A plan's wishes with other choices. Throws request.invalid. */
export function readChange(body: unknown, { root, roots, dir, files, from, until }: PlanWanted): PlanWanted {
  if (!Value.Check(Type.Object(ChoicesForm), body))
    throw new CodedError('request.invalid', 'The form changes nothing.');
  const about = { root, roots, dir, files, from, until };
  const given = Object.fromEntries(Object.entries(about).filter(([, value]) => value !== undefined));
  return checked({ ...given, ...choicesOf(body) });
}

/** `do` is what is to become of the pictures; of one it names the picture, too. */
const ChooseForm = Type.Object({
  do: Type.String({ pattern: '^(planned|skip|leave|keep both|dir)(:\\d{1,9})?$' }),
  which: Type.Enum(['chosen', 'shown']),
  unit: Type.Optional(Ids),
  shown: Type.Optional(Ids),
  to: Type.String({ maxLength: 4096 }),
});

/** What a form decides for some pictures. Throws request.invalid. */
export function readChoice(body: unknown): UnitChoice {
  if (!Value.Check(ChooseForm, body)) throw new CodedError('request.invalid', 'The form decides nothing.');
  const [what, one] = body.do.split(':');
  const units = one === undefined ? numbersOf(body.which === 'shown' ? body.shown : body.unit) : [Number(one)];
  if (units.length === 0) throw new CodedError('request.invalid', 'No picture was chosen.');
  if (what === 'dir' && body.to.trim() === '') throw new CodedError('request.invalid', 'No directory was named.');
  const decided =
    what === 'dir'
      ? { choice: null, to: dirOf(body.to) }
      : what === 'planned'
        ? { choice: null, to: null }
        : { choice: what };
  const choice = { units, ...decided };
  if (Value.Check(UnitChoice, choice)) return choice;
  throw new CodedError('request.invalid', 'The form decides nothing.');
}

/** The pictures that a form takes back; null: all. Throws request.invalid. */
export function readUndo(body: unknown): number[] | null {
  const Form = Type.Object({ do: Type.Enum(['all', 'chosen']), unit: Type.Optional(Ids) });
  if (!Value.Check(Form, body))
    throw new CodedError('request.invalid', 'The form does not say what is to be taken back.');
  const units = numbersOf(body.unit);
  if (body.do === 'chosen' && units.length === 0) throw new CodedError('request.invalid', 'No picture was chosen.');
  return body.do === 'all' ? null : units;
}

/** Which one of a plan's changes a person saw who approves it. Throws request.invalid. */
export function readSeen(body: unknown): number {
  if (Value.Check(Type.Object({ seen: digits }), body)) return Number(body.seen);
  throw new CodedError('request.invalid', 'The form does not say which plan was seen.');
}
