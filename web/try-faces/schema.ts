import Type from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { FaceTrialSettings, type FaceTrialOf } from '../../model/face-trial.ts';

export const TryFacesQuery = Type.Object({
  file: Type.Optional(Type.Integer({ minimum: 1 })),
  dir: Type.Optional(Type.Integer({ minimum: 1 })),
});

/** `panel`: the result is shown on the page of a photo or a dir. */
export const PanelQuery = Type.Object({ panel: Type.Optional(Type.Literal('1')) });

/** Of an uploaded picture. */
export const mostTrialBytes = 200 * 1024 * 1024;

export const FaceTrialParams = Type.Object({ trial: Type.String({ pattern: '^[0-9a-f-]{36}$' }) });

/** Fields of the form by their names. */
const numbers = ['faceMinScore', 'faceMinSize', 'nameThreshold', 'namePerhaps', 'nameMargin'] as const;

/** The settings that a form tries; `saved`: what stands for those it leaves out. Throws setting.invalid. */
export function readTrialSettings(fields: ReadonlyMap<string, string>, saved?: FaceTrialSettings): FaceTrialSettings {
  const settings: unknown = {
    ...Object.fromEntries(
      numbers.map((name) => [name, fields.has(name) ? Number(fields.get(name) || NaN) : saved?.[name]]),
    ),
    faceDetector: fields.get('faceDetector') ?? saved?.faceDetector,
    faceTiles: fields.get('faceTiles') ?? saved?.faceTiles,
    // A box that is not ticked is not sent.
    oncePerPhoto: saved && !fields.has('oncePerPhoto') ? saved.oncePerPhoto : fields.has('oncePerPhoto'),
  };
  return checkedTrial(settings);
}

/** Throws setting.invalid. */
export function checkedTrial(settings: unknown): FaceTrialSettings {
  if (Value.Check(FaceTrialSettings, settings)) return settings;
  const [problem] = Value.Errors(FaceTrialSettings, settings);
  throw new CodedError('setting.invalid', `${problem?.instancePath.slice(1)} ${problem?.message}.`);
}

/** What a form tries them on; an uploaded picture where it names nothing. */
export function readTrialOf(fields: ReadonlyMap<string, string>): FaceTrialOf {
  const number = (name: string) => (/^\d{1,9}$/.test(fields.get(name) ?? '') ? Number(fields.get(name)) : null);
  const [file, dir] = [number('file'), number('dir')];
  return file !== null ? { file } : dir !== null ? { dir } : { upload: true };
}
