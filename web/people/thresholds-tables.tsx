import { sum, type Accuracy } from '../../model/distances.ts';
import { Name } from '../parts.tsx';
import { count } from '../words.ts';

/** A person in the list of all, with what the threshold in force makes of the person's faces. */
export interface PersonRow {
  id: number;
  name: string;
  /** Of its own; null: the general one. */
  threshold: number | null;
  now: Accuracy;
}

/** Bins of the table: five hundredths each. */
const wide = 5;

/** How many pairs are how far apart. */
export function DistanceTable({ same, different }: { same: readonly number[]; different: readonly number[] }) {
  const rows = Array.from({ length: Math.ceil(same.length / wide) }, (_, i) => ({
    from: i * wide,
    same: sum(same.slice(i * wide, (i + 1) * wide)),
    different: sum(different.slice(i * wide, (i + 1) * wide)),
  }));
  return (
    <table class="changes numbers">
      <thead>
        <tr>
          <th scope="col">Distance</th>
          <th scope="col">One person</th>
          <th scope="col">Two people</th>
        </tr>
      </thead>
      <tbody>
        {rows
          .filter((row) => row.same + row.different > 0)
          .map((row) => (
            <tr>
              <th scope="row">
                {(row.from / 100).toFixed(2)} – {((row.from + wide) / 100).toFixed(2)}
              </th>
              <td>{count(row.same)}</td>
              <td>{count(row.different)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}

/** Precision and recall by threshold. */
export const AccuracyTable = ({ accuracies, threshold }: { accuracies: readonly Accuracy[]; threshold: number }) => (
  <table class="changes numbers">
    <thead>
      <tr>
        <th scope="col">Threshold</th>
        <th scope="col">Precision</th>
        <th scope="col">Recall</th>
      </tr>
    </thead>
    <tbody>
      {accuracies.map((each) => {
        const inForce = Math.round(threshold * 100) === Math.round(each.threshold * 100);
        return (
          <tr aria-current={inForce ? 'true' : undefined}>
            <th scope="row">
              {each.threshold.toFixed(2)}
              {inForce && ' now'}
            </th>
            <td>{percent(each.precision)}</td>
            <td>{percent(each.recall)}</td>
          </tr>
        );
      })}
    </tbody>
  </table>
);

/** `98.6 %`; a dash where there is nothing to take a share of. */
export const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(1)}\u00a0%`);

/** All persons, with what their thresholds make of their faces. */
export const PeopleTable = ({ rows, general }: { rows: readonly PersonRow[]; general: number }) => (
  <section>
    <h2>By person</h2>
    <table class="changes numbers">
      <thead>
        <tr>
          <th scope="col">Person</th>
          <th scope="col">Threshold</th>
          <th scope="col">Precision</th>
          <th scope="col">Recall</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ id, name, threshold, now }) => (
          <tr>
            <th scope="row">
              <a href={`/people/${id}/thresholds`}>
                <Name>{name}</Name>
              </a>
            </th>
            <td>{threshold === null ? general.toFixed(2) : `${threshold.toFixed(2)}, own`}</td>
            <td>{percent(now.precision)}</td>
            <td>{percent(now.recall)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);
