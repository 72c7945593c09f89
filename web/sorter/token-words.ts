/** What the words of patterns stand for, as docs/sorting.md tells it, in groups. */
export const tokenWords: readonly { means: string; tokens: readonly string[] }[] = [
  { means: 'when it was taken, by the clocks of the place', tokens: ['year', 'month', 'day', 'date', 'monthname'] },
  { means: 'the ISO week, and the year it belongs to', tokens: ['week', 'weekyear'] },
  { means: 'the time of day', tokens: ['hour', 'minute', 'second', 'time'] },
  { means: 'the town, else the region, else the country', tokens: ['place'] },
  { means: 'the parts of the place', tokens: ['town', 'region', 'country'] },
  { means: 'what it was taken with', tokens: ['camera'] },
  { means: 'image or video', tokens: ['type'] },
  { means: 'the name of the folder it is in; of that what people wrote', tokens: ['dir', 'event'] },
  { means: 'the title in the file', tokens: ['title'] },
  { means: 'the file’s own name, and its extension in lower case', tokens: ['name', 'ext'] },
  { means: 'a number that the plan gives', tokens: ['counter'] },
];
