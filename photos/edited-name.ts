/**
 * What programs add to the name of a picture that was edited, in lower case: Google Photos in the language of its user
 * (as in its exports), and Lightroom (`-edit`).
 */
const marks = [
  ...['-edited', '-edit', '-bearbeitet', '-modifié', '-editado', '-ha editado', '-editat', '-modificato'],
  ...['-bewerkt', '-edytowane', '-編集済み'],
].map((mark) => mark.normalize('NFC'));

/** A name without its extension, in lower case and NFC, and how late the version is among others of the same picture. */
interface OriginalName {
  stem: string;
  version: number;
}

/**
 * The name of the picture that one with this name would be an edited version of: "img_1234" for "img_e1234" (Apple), "x"
 * for "x-edited" (Google) and for "x~2" (Android, which counts further versions on). Numbers of copies stay: "x(1)" for
 * "x-edited(1)", and "x[2]" for "x~2[2]", as the sorter writes them. Null where it is not a name for an edited version.
 * @param stem a name without its extension, in lower case and NFC
 */
export function originalName(stem: string): OriginalName | null {
  const [, prefix, number] = /^(img_)e(\d.*)$/s.exec(stem) ?? [];
  if (prefix !== undefined && number !== undefined) return { stem: prefix + number, version: 1 };

  const copy = /(\(\d{1,9}\)|\[\d{1,10}\])$/.exec(stem)?.[0] ?? '';
  const marked = stem.slice(0, stem.length - copy.length);

  const tilde = marked.lastIndexOf('~');
  const version = marked.slice(tilde + 1);
  if (tilde > 0 && /^\d{1,3}$/.test(version) && Number(version) > 1) {
    return { stem: marked.slice(0, tilde) + copy, version: Number(version) };
  }

  const mark = marks.find((ending) => marked.endsWith(ending) && marked.length > ending.length);
  return mark === undefined ? null : { stem: marked.slice(0, -mark.length) + copy, version: 1 };
}
