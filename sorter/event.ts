/** Names that cameras, phones and programs give to dirs, in lower case. */
const camerasOwn = [
  /^(dcim|misc|private|avchd|bdmv|stream|clip|m4root|mp_root|eos_digital|sd card|no name|untitled)$/,
  // By the DCF standard three digits and five letters, and Apple's by month: 100CANON, 100_PANA, 202105_a.
  /^([1-9]\d\d[a-z0-9_]{5}|\d{6}[a-z_]{2})$/,
  /^camera( ?roll| uploads?)?$/,
  /^(my )?(pictures|photos|images|videos|movies|fotos|bilder|screenshots|recents)$/,
  /^(imports?|inbox|uploads?|downloads?|new folder|neuer ordner|photos from)$/,
];

const notBefore = '(?![\\p{L}\\p{N}])';
const year = '(18|19|20)\\d\\d';
const month = '(0[1-9]|1[0-2])';
const day = '(0[1-9]|[12]\\d|3[01])';
/** 2021-05-17, 20210517, 2021-05, 2021, 17.5.2021, 17.5.21 */
const date =
  `(${year}(?<gap>[-_. ]?)${month}\\k<gap>${day}|${year}[-_.]?${month}|${year}|` +
  `\\d{1,2}[-_.]\\d{1,2}[-_.](${year}|\\d\\d))`;
/** The last day of several (2021-05-17-20), or a time (2021-05-17 14.30.00). */
const more = `(([-–]|[ _T]\\d\\d[-.]?)\\d\\d([-.]?\\d\\d)?${notBefore})?`;
const separators = '[\\s\\p{Pd}\\p{Pc}.,;:+~]*';
const dateInFront = new RegExp(`^${separators}(${date}${notBefore}${more}${separators})*`, 'u');
const dateBehind = new RegExp(`(?<![\\p{L}\\p{N}])${date}${separators}$|${separators}$`, 'u');

/** Words of dates: dateWords, long and short, in languages that many people name their dirs in, and 2021年5月17日. */
const dateWords = new Set([
  ...['年', '月', '日'],
  ...['en', 'de', 'fr', 'es', 'it', 'nl', 'pt'].flatMap((language) =>
    (['long', 'short'] as const).flatMap((form) => {
      const written = new Intl.DateTimeFormat(language, { month: form, timeZone: 'UTC' });
      return Array.from({ length: 12 }, (_, i) => written.format(Date.UTC(2021, i)).toLowerCase().replace('.', ''));
    }),
  ),
]);

/**
 * What a dir's name says that people gave it: `Norway trip` of `2021-05-17 Norway trip`. Empty where a camera named it, and
 * where there are but dates, numbers and separators.
 */
export function eventOf(dir: string): string {
  const name = dir.normalize('NFC').trim();
  const words = stripDates(name);
  const isCameras = [name, words].some((text) => camerasOwn.some((own) => own.test(text.toLowerCase())));
  const letters = words.match(/\p{L}+/gu) ?? [];
  return isCameras || letters.every((word) => dateWords.has(word.toLowerCase())) ? '' : words;
}

function stripDates(name: string): string {
  let text = name.replace(dateInFront, '');
  for (let before; before !== text;) {
    before = text;
    text = text.replace(dateBehind, '');
  }
  return text;
}
