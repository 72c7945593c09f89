/** What a file system takes for one name, in bytes of UTF-8. As many UTF-16 units are never more bytes. */
export const longestName = 255;

/** Nothing shows them; some file systems overlook them, and those that turn the direction of writing can feign extensions. */
const invisible = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]/gu;

/**
 * What Windows or its file systems forbid, control characters, what is no character, and those that stand for forbidden
 * ones on network shares. U+FFFD stands where something could not be read.
 */
const forbidden = /[<>:"/\\|?*\p{Cc}\p{Noncharacter_Code_Point}\uf000-\uf0ff\ufffd]/gu;

/** Windows keeps these for devices, with any extension. */
const device = /^(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³]) *(\.|$)/i;

/**
 * A text with no character that could not stand in a name on ext4, NTFS, exFAT, SMB or macOS: forbidden ones are `_`,
 * white space of any kind is a space, invisible ones are left out. In NFC, the form that keyboards write.
 */
export const safeText = (text: string): string =>
  text.toWellFormed().replace(invisible, '').replace(/\s/g, ' ').replace(forbidden, '_').normalize('NFC');

/**
 * A text as the name of a dir, or of a file without its extension: {@link safeText} without dots and spaces at its ends
 * (Windows drops them behind, a dot in front hides), cut to `maxBytes`, and no device's name. Empty where nothing is left.
 * A safe name is left as it is.
 */
export function safePart(text: string, maxBytes = longestName): string {
  const part = cut(safeText(text).replace(/^[. ]+/, ''), maxBytes);
  return device.test(part) ? cut(`_${part}`, maxBytes) : part;
}

/** A name's beginning of at most `maxBytes`, which ends neither within a letter with its accents nor in a dot or space. */
export function cut(name: string, maxBytes: number): string {
  return (beginning(name, maxBytes, graphemes(name)) || beginning(name, maxBytes, name)).replace(/[. ]+$/, '');
}

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });

function* graphemes(text: string): Iterable<string> {
  for (const { segment } of segmenter.segment(text)) yield segment;
}

function beginning(text: string, maxBytes: number, characters: Iterable<string>): string {
  if (Buffer.byteLength(text) <= maxBytes) return text;
  let length = 0;
  let bytes = 0;
  for (const character of characters) {
    bytes += Buffer.byteLength(character);
    if (bytes > maxBytes) break;
    length += character.length;
  }
  return text.slice(0, length);
}

/** Where no character of a text may stand in a name: its index, or -1. */
export const forbiddenAt = (text: string): number => text.search(forbidden);
