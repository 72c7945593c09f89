/** Nobody tags by the thousand; a file that does is not worth the time. */
const mostItems = 1000;

/** A value as a list: what is no list is a list of one, nothing is an empty one. */
export function listOf(value: unknown): unknown[] {
  if (Array.isArray(value)) return value.slice(0, mostItems);
  return value === undefined || value === null ? [] : [value];
}

/** The fields of a struct; none where the value is not one. */
export const fieldsOf = (value: unknown): Record<string, unknown> => (isStruct(value) ? value : {});

const isStruct = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A finite number, also one written as text. */
export function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

/**
 * The texts of a tag's value, not empty, at most `longest` characters each. ExifTool prints texts that look like numbers
 * or booleans as these, lists of one as their only item, and a text in several languages may be a struct of them, of
 * which one is taken.
 */
export function textsOf(value: unknown, longest: number): string[] {
  return listOf(value)
    .map((item) => (isStruct(item) ? inOneLanguage(item, longest) : cleanText(item, longest)))
    .filter((text) => text !== '');
}

function inOneLanguage(alternatives: Record<string, unknown>, longest: number): string {
  const rank = (language: string): number => (language === 'x-default' ? 0 : /^en\b/i.test(language) ? 1 : 2);
  const languages = Object.keys(alternatives).sort((a, b) => rank(a) - rank(b));
  const said = languages.find((language) => cleanText(alternatives[language], longest) !== '');
  return said === undefined ? '' : cleanText(alternatives[said], longest);
}

/** Postgres stores neither NUL nor half a surrogate pair. */
function cleanText(value: unknown, longest: number): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return '';
  const text = String(value).replaceAll('\0', '').toWellFormed().replace(/\r\n?/g, '\n').trim();
  if (/^\(Binary data \d+ bytes/.test(text)) return '';
  // The cut may have halved the last character.
  return text
    .slice(0, longest)
    .replace(/[\ud800-\udbff]$/, '')
    .trimEnd();
}
