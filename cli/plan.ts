import { CodedError } from '../model/errors.ts';
import type { Choice, Ledger } from '../model/move-plan.ts';
import type { Database } from '../sql/database.ts';
import { createPlan, getPlan } from '../sql/plans.ts';
import { chosenRoots } from './roots.ts';
import { succeeded, withJobs } from './with-jobs.ts';

interface PlanOptions {
  storage?: string;
  to?: string;
  onTaken?: Choice;
  onDuplicate?: Choice;
  removeEmptied?: boolean;
}

/** `photo-assistant plan [path…]`: makes a plan, waits for it, and tells its number and account. */
export async function plan(paths: string[], options: PlanOptions): Promise<void> {
  const { storage, to, onTaken, onDuplicate, removeEmptied } = options;
  await withJobs(async (jobs, sql) => {
    const root = await storagePath(sql, storage);
    const roots = paths.length === 0 ? [] : await chosenRoots(sql, paths);
    const id = await createPlan(sql, {
      root,
      ...(roots.length > 0 && { roots: roots.map((each) => each.id) }),
      ...(to !== undefined && { to: to.replace(/^\/+|\/+$/g, '') }),
      ...(onTaken && { onTaken }),
      ...(onDuplicate && { onDuplicate }),
      ...(removeEmptied && { removeEmptied }),
    });
    await succeeded(jobs, (await jobs.start({ kind: 'planMoves', plan: id })).id);
    console.log(`plan ${id}`);
    console.log(accountOf((await getPlan(sql, id)).ledger));
  });
}

/** The storage path that is meant. Throws root.unknown where there is none, or several and none is named. */
async function storagePath(sql: Database, named: string | undefined): Promise<number> {
  const roots = (await chosenRoots(sql, named === undefined ? [] : [named])).filter(({ kind }) => kind === 'storage');
  const [only] = roots;
  if (only && roots.length === 1) return only.id;
  throw new CodedError(
    'root.unknown',
    roots.length === 0
      ? named === undefined
        ? 'None of the paths is a storage path.'
        : `${named} is not a storage path.`
      : `Which storage path? Say --storage ${roots.map(({ path }) => path).join(', or --storage ')}.`,
  );
}

/** `found 12 = planned 10 + moved 0 + skipped 1 + duplicates 1 + failed 0 + undone 0` */
export const accountOf = ({ found, ...rest }: Ledger): string =>
  `found ${found} = ${Object.entries(rest)
    .map(([name, files]) => `${name} ${files}`)
    .join(' + ')}`;

/** A plan's number as it is given on the command line. Throws plan.unknown. */
export function planNumber(text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0 && number < 2 ** 31) return number;
  throw new CodedError('plan.unknown', `--plan takes the number of a plan, not ${text}.`);
}
