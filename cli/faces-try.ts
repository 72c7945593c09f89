import { randomUUID } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Value from 'typebox/value';
import { readConfig } from '../config.ts';
import { CodedError } from '../model/errors.ts';
import { FaceTrial, faceTrialFile, FaceTrialSettings, type TriedFace } from '../model/face-trial.ts';
import { trialFiles, uploadName } from '../model/tried-file.ts';
import { readStoredSettings } from '../sql/settings.ts';
import { askJobs, succeeded } from './with-jobs.ts';
import { fromHere } from './from-here.ts';

interface TryOptions {
  detector?: string;
  tiles?: string;
  minScore?: string;
  minSize?: string;
  threshold?: string;
  margin?: string;
  json?: boolean;
}

/** `photo-assistant faces try IMAGE`: who would be seen in it, with settings that are not saved. */
export async function tryFaces(image: string, options: TryOptions): Promise<void> {
  const { trialsDir } = readConfig();
  const file = fromHere(image);
  await askJobs(async (jobs, sql) => {
    const trial = randomUUID();
    const dir = path.join(trialsDir, trial);
    await mkdir(dir, { recursive: true, mode: 0o700 });
    const name = path.basename(file);
    await copyFile(file, path.join(dir, uploadName(1, name))).catch((error: unknown) => {
      throw new CodedError('file.unreadable', `${file} could not be read.`, { cause: error });
    });
    await writeFile(path.join(dir, trialFiles.uploads), JSON.stringify({ names: [name] }));
    const settings = changed(await readStoredSettings(sql), options);
    const { id } = await jobs.tryFaces({ trial, of: { upload: true }, settings });
    await succeeded(jobs, id);
    const result = Value.Parse(FaceTrial, JSON.parse(await readFile(path.join(dir, faceTrialFile), 'utf8')));
    if (options.json) console.log(JSON.stringify(result, null, 2));
    else for (const picture of result.pictures) tell(picture);
  });
}

/** The saved settings with those that were given in place of theirs. Throws setting.invalid. */
function changed(saved: FaceTrialSettings, options: TryOptions): FaceTrialSettings {
  const { detector, tiles, minScore, minSize, threshold, margin } = options;
  const settings = {
    faceDetector: detector ?? saved.faceDetector,
    faceTiles: tiles ?? saved.faceTiles,
    faceMinScore: minScore === undefined ? saved.faceMinScore : Number(minScore),
    faceMinSize: minSize === undefined ? saved.faceMinSize : Number(minSize),
    nameThreshold: threshold === undefined ? saved.nameThreshold : Number(threshold),
    namePerhaps: saved.namePerhaps,
    nameMargin: margin === undefined ? saved.nameMargin : Number(margin),
    oncePerPhoto: saved.oncePerPhoto,
  };
  if (Value.Check(FaceTrialSettings, settings)) return settings;
  const [problem] = Value.Errors(FaceTrialSettings, settings);
  throw new CodedError('setting.invalid', `${problem?.instancePath.slice(1)} ${problem?.message}.`);
}

function tell({ name, width, height, faces, error }: FaceTrial['pictures'][number]): void {
  if (error !== null) return console.log(`${name}: ${error}`);
  console.log(`${name}: ${faces.length} ${faces.length === 1 ? 'face' : 'faces'} in ${width} x ${height} pixels`);
  for (const face of faces) console.log(`  ${who(face)}`);
}

function who({ x, y, w, h, size, score, name, distance, runnerUp }: TriedFace): string {
  const percent = [x, y, x + w, y + h].map((share) => `${(share * 100).toFixed(1)} %`).join(', ');
  const near = distance === null ? 'nobody is near' : `distance ${distance.toFixed(3)}`;
  const next = runnerUp ? `, then ${runnerUp.name} at ${runnerUp.distance.toFixed(3)}` : '';
  const words = name ? `${name.perhaps ? 'perhaps ' : ''}${name.name}` : 'unknown';
  return `${words.padEnd(24)} ${near}${next}; ${size} pixels, score ${score.toFixed(2)}, at ${percent}`;
}
