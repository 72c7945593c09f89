import { print } from './report.ts';

/** A figure beside the same one of others, with what it has to reach. */
interface Comparison {
  what: string;
  ours: number;
  theirs: readonly { name: string; value: number }[];
  show: (value: number) => string;
  /** More is better; `atMost` where less is. */
  goals: readonly { than: string; atLeast?: number; atMost?: number }[];
  /** What else there is to say of ours. */
  note?: string;
}

/** Prints a figure beside the others'. A goal against somebody who is not here is not judged. */
export function compare({ what, ours, theirs, show, goals, note }: Comparison): void {
  const met = goals.every(({ than, atLeast, atMost }) => {
    const other = theirs.find(({ name }) => name === than);
    if (!other) return true;
    return atMost === undefined ? ours >= (atLeast ?? 1) * other.value : ours <= atMost * other.value;
  });
  const ratio = (value: number) => (value === 0 ? '' : `${(ours / value).toFixed(2)} × `);
  print({
    what,
    measured: note ? `${show(ours)} (${note})` : show(ours),
    against: theirs.map(({ name, value }) => `${ratio(value)}${name} (${show(value)})`).join(', '),
    goal: goals
      .map(({ than, atLeast, atMost }) => (atMost === undefined ? `≥ ${atLeast} × ${than}` : `≤ ${atMost} × ${than}`))
      .join(', '),
    met,
  });
}
