import Type, { type Static } from 'typebox';
import { FileDetails, PhotoFile } from './library.ts';

/** What the product would make of a file, without having it in the library. Its ids count from 1 within the trial. */
export const TriedFile = Type.Interface([PhotoFile, FileDetails], {});
export type TriedFile = Static<typeof TriedFile>;

export const Trial = Type.Object({ files: Type.Array(TriedFile) });
export type Trial = Static<typeof Trial>;

/** The names of uploaded files, in the order in which they lie in the trial's directory as `1.jpg`, `2.xmp`. */
export const Uploads = Type.Object({ names: Type.Array(Type.String(), { maxItems: 20 }) });
export type Uploads = Static<typeof Uploads>;

/** Files of a trial's directory. */
export const trialFiles = { uploads: 'uploads.json', result: 'result.json', thumbs: 'thumbs' } as const;

/** An uploaded file's own name in the trial's directory: its number, and the extension decoders go by. */
export function uploadName(id: number, name: string): string {
  const extension = /\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1];
  return extension === undefined ? String(id) : `${id}.${extension.toLowerCase()}`;
}
