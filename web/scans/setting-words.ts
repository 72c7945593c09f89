import type { ScannedPictures } from '../../model/face-scans.ts';

const words: Record<string, string> = {
  detector: 'detector',
  tiles: 'parts of pictures',
  minScore: 'least score',
  minSize: 'least size',
};

/** What a scan looked for faces with, in a line. */
export const settingWords = ({ settings, networks }: Pick<ScannedPictures, 'settings' | 'networks'>): string =>
  [...Object.entries(settings).map(([name, value]) => `${words[name] ?? name} ${valueText(value)}`), networks].join(
    ' · ',
  );

const valueText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
