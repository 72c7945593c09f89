import type { Change, MissedFace, TriedFace, TriedPicture } from '../../model/face-trial.ts';
import { count } from '../words.ts';
import { detail, whoText } from './face-words.ts';

/** A line of the table: a face that would be found, or one that would not be found any more. */
type Row = { picture: TriedPicture; what: Change | 'missed' } & ({ face: TriedFace } | { missed: MissedFace });

const words: Record<Row['what'], string> = {
  swapped: 'swapped',
  lost: 'lost',
  missed: 'not found',
  unsure: 'only perhaps',
  gained: 'gained',
  surer: 'sure now',
  unknown: 'still unknown',
  same: 'same',
};
/** What takes something away comes first. */
const order: readonly Row['what'][] = ['swapped', 'lost', 'missed', 'unsure', 'gained', 'surer', 'unknown'];
const mostRows = 500;

/** How many faces each change meets, in words; empty where nothing would change. */
export function changesInWords(pictures: readonly TriedPicture[]): string {
  const rows = rowsOf(pictures);
  return order
    .map((what) => [what, rows.filter((row) => row.what === what).length] as const)
    .filter(([, many]) => many > 0)
    .map(([what, many]) => `${count(many)} ${words[what]}`)
    .join(', ');
}

function rowsOf(pictures: readonly TriedPicture[]): Row[] {
  return pictures.flatMap((picture): Row[] => [
    ...picture.faces.flatMap((face) => (face.change === 'same' ? [] : [{ picture, what: face.change, face }])),
    ...picture.missed.map((missed) => ({ picture, what: 'missed' as const, missed })),
  ]);
}

/** The faces that would be another thing than today; `unknown`: and those that nobody would know then either. */
export function Changes({ pictures, unknown }: { pictures: readonly TriedPicture[]; unknown: boolean }) {
  const shown = rowsOf(pictures).filter(({ what }) => unknown || what !== 'unknown');
  const rows = shown.toSorted((a, b) => order.indexOf(a.what) - order.indexOf(b.what));
  if (rows.length === 0) return null;
  return (
    <>
      {rows.length > mostRows && (
        <p class="quiet">
          The first {count(mostRows)} of {count(rows.length)}.
        </p>
      )}
      <table class="changes stacked">
        <caption class="sr">What would change</caption>
        <thead>
          <tr>
            <th scope="col">Face</th>
            <th scope="col">Change</th>
            <th scope="col">Today</th>
            <th scope="col">Then</th>
            <th scope="col">Why</th>
          </tr>
        </thead>
        <tbody>
          {rows.slice(0, mostRows).map((row) => (
            <Line row={row} />
          ))}
        </tbody>
      </table>
    </>
  );
}

function Line({ row }: { row: Row }) {
  const { picture, what } = row;
  const place = 'face' in row ? row.face : row.missed;
  const then =
    'face' in row ? whoText(row.face) : row.missed.stays ? 'stays: you spoke on it' : 'gone with the next scan';
  return (
    <tr class={what}>
      <td>
        <a href={`/photos/${picture.file}`} aria-label={`A face in ${picture.name}`}>
          <Cut picture={picture} place={place} />
        </a>
      </td>
      <td data-label="Change">
        <strong>{words[what]}</strong>
      </td>
      <td data-label="Today">
        <bdi>{place.today ? whoText({ name: place.today }) : '–'}</bdi>
      </td>
      <td data-label="Then">
        <bdi>{then}</bdi>
      </td>
      <td data-label="Why" class="quiet numbers">
        {'face' in row ? detail(row.face) : 'it is not found, or too small or unsure, with these settings'}
      </td>
    </tr>
  );
}

/** A face with a little of what is around it. */
function Cut({ picture: { hash, width, height }, place }: { picture: TriedPicture; place: TriedFace | MissedFace }) {
  const side = 1.4 * Math.max(place.w * width, place.h * height);
  const left = (place.x + place.w / 2) * width - side / 2;
  const top = (place.y + place.h / 2) * height - side / 2;
  return (
    <svg viewBox={`${left} ${top} ${side} ${side}`} width="56" height="56" aria-hidden="true">
      <image href={`/thumbs/${hash}-1440.webp`} width={width} height={height} />
    </svg>
  );
}
