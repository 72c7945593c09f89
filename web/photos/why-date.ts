import type { Certainty } from '../../model/library.ts';

/** In words, where a photo's date came from. */
export function whyThisDate(source: string | null): string {
  if (source === null) return 'It is not known where this date came from.';
  if (source === 'file time') {
    return 'Nothing inside the file, beside it or in its name says when it was taken, so this is when the file was last changed.';
  }
  if (source === 'file name') return 'Nothing inside the file says when it was taken; its name does.';
  const beside = /^sidecar (.+)$/.exec(source)?.[1];
  if (beside !== undefined) return `The sidecar file beside it says so (${beside}).`;
  const [group = '', name = ''] = source.split(':');
  if (name.startsWith('GPS')) return `It is the time of the satellites that the camera received (${source}).`;
  if (name === 'ModifyDate') return `The file only says when it was last changed (${source}).`;
  if (/^(XMP|IPTC)$/.test(group)) return `A program, or the camera, wrote it into the file (${source}).`;
  if (name === 'CreateDate' && group === 'EXIF')
    return `The camera or scanner wrote when it made the file (${source}).`;
  return `The camera wrote it into the file (${source}).`;
}

/** In words, how sure a photo's date is. */
export const howSure: Record<Certainty, string> = {
  certain: 'Certain: the moment and the zone are known.',
  likely: 'Likely: the clock is believed, the zone is not written.',
  uncertain: 'Uncertain: it may have been taken at another time.',
};
