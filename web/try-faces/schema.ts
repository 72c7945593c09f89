import Type from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { FaceTrialSettings, type FaceTrialOf } from '../../model/face-trial.ts';

export const TryFacesQuery = Type.Object({
  file: Type.Optional(Type.Integer({ minimum: 1 })),
  dir: Type.Optional(Type.Integer({ minimum: 1 })),
});

export const FaceTrialParams = Type.Object({ trial: Type.String({ pattern: '^[0-9a-f-]{36}$' }) });

/** Fields of the form by their names; a box that is not ticked is not sent. */
const numbers = ['faceMinScore', 'faceMinSize', 'nameThreshold', 'namePerhaps', 'nameMargin'] as const;

/** The settings that a form tries. Throws setting.invalid. */
export function readTrialSettings(fields: ReadonlyMap<string, string>): FaceTrialSettings {
  const settings: unknown = {
    ...Object.fromEntries(numbers.map((name) => [name, Number(fields.get(name) || NaN)])),
    faceDetector: fields.get('faceDetector'),
    faceTiles: fields.get('faceTiles'),
    oncePerPhoto: fields.has('oncePerPhoto'),
  };
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
