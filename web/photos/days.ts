import type { PhotoTile } from '../../model/library.ts';
import { dayInWords, daysInWords, shortDay } from '../words.ts';

/** Photos under one heading: a day, or several days that hold few photos each. */
export interface DaySection {
  heading: string;
  /** The section before, on the page before, ended with the same day: no heading is said again. */
  continued: boolean;
  photos: {
    file: PhotoTile;
    /** Said on the first photo of a day, where the heading names several. */ day: string | null;
  }[];
}

/** A row's worth of photos: days with fewer share a section, so that rows fill the width. */
const few = 5;

const dayOf = (file: PhotoTile): string => (file.takenAt ?? file.mtime).slice(0, 10);

/** Splits photos, newest first, into sections. `before` is the day the page before ended with. */
export function daySections(files: readonly PhotoTile[], before: string | null): DaySection[] {
  const days: PhotoTile[][] = [];
  for (const file of files) {
    const day = days.at(-1);
    if (day?.[0] && dayOf(day[0]) === dayOf(file)) day.push(file);
    else days.push([file]);
  }
  const groups: PhotoTile[][][] = [];
  for (const day of days) {
    const group = groups.at(-1);
    const held = group?.flat().length ?? 0;
    // A day of many photos stands alone, unless it would leave one or two older ones alone before it.
    if (group && held < few && (day.length < few || held < 3)) group.push(day);
    else groups.push([day]);
  }
  return groups.map((group, i) => toSection(group, i === 0 ? before : null));
}

function toSection(group: PhotoTile[][], before: string | null): DaySection {
  const starts = group.flatMap((day) => day.slice(0, 1));
  const [newest, oldest] = [starts[0], starts.at(-1)];
  const span = newest && oldest ? ([dayOf(oldest), dayOf(newest)] as const) : (['', ''] as const);
  const sameYear = span[0].slice(0, 4) === span[1].slice(0, 4);
  const label = (file: PhotoTile) => (sameYear ? shortDay(dayOf(file)) : dayInWords(dayOf(file)));
  return {
    heading: daysInWords(...span),
    continued: before !== null && before === span[1],
    photos: group.flatMap((day) =>
      day.map((file, i) => ({ file, day: group.length > 1 && i === 0 ? label(file) : null })),
    ),
  };
}
