import { readFile, mkdir } from 'node:fs/promises';
import path from 'node:path';
import Value from 'typebox/value';
import { Context } from '@temporalio/activity';
import { carryOver } from '../faces/carry-over.ts';
import { fromBytes } from '../faces/descriptor.ts';
import type { FacesOfPicture } from '../faces/find-faces.ts';
import { nameFaces, type Said } from '../faces/match.ts';
import { nearestOf, type References } from '../faces/nearest.ts';
import type { Scanner } from '../faces/scanner.ts';
import { CodedError } from '../model/errors.ts';
import {
  faceTrialFile,
  type Change,
  type FaceTrial,
  type FaceTrialOf,
  type FaceTrialSettings,
  type MissedFace,
  type TriedFace,
  type TriedPicture,
} from '../model/face-trial.ts';
import { searchSettings } from '../model/face-scans.ts';
import { ReadReferences, referenceFiles } from '../model/reference-upload.ts';
import { thumbName } from '../photos/thumb-path.ts';
import type { ThumbStore } from '../photos/thumb-store.ts';
import type { Database } from '../sql/database.ts';
import { countPicturesToTry, picturesToTry, type FaceToday } from '../sql/face-trials.ts';
import { personNames, personThresholds } from '../sql/people.ts';
import { readReferences } from './identify.ts';
import { trialDir } from './references.ts';
import { heartbeating, stopIfCanceled } from './running.ts';
import { writeWhole } from './whole-file.ts';

/** Of a larger dir the first ones tell enough. */
const mostPictures = 1000;

interface TryDeps {
  sql: Database;
  scanner: Scanner;
  processes: number;
  thumbs: ThumbStore;
  tempDir: string;
}

interface Known {
  references: References;
  thresholds: Map<number, number>;
  names: Map<number, string>;
}

export interface TryFacesOrder {
  trial: string;
  of: FaceTrialOf;
  settings: FaceTrialSettings;
}

export function createTryFacesActivities({ sql, scanner, processes, thumbs, tempDir }: TryDeps) {
  return {
    /** Looks for faces and names with settings that are not saved, and compares with today. Writes nothing but the result. */
    async tryFaces({ trial, of, settings }: TryFacesOrder): Promise<void> {
      await heartbeating(async () => {
        const dir = trialDir(tempDir, trial, thumbs);
        await mkdir(dir, { recursive: true, mode: 0o700 });
        const begun = performance.now();
        const known = await knownPeople(sql);
        const pictures = 'upload' in of ? await uploaded(dir) : await picturesToTry(sql, of, mostPictures);
        const total = 'upload' in of ? pictures.length : await countPicturesToTry(sql, of);
        const { name: backend } = await scanner.backend();
        const signal = Context.current().cancellationSignal;
        const tried: TriedPicture[] = [];
        for (let i = 0; i < pictures.length; i += processes) {
          stopIfCanceled();
          tried.push(...(await Promise.all(pictures.slice(i, i + processes).map((each) => tryOne(each, signal)))));
        }
        const tookMs = Math.round(performance.now() - begun);
        await writeWhole(path.join(dir, faceTrialFile), {
          of,
          settings,
          pictures: tried,
          total,
          tookMs,
          backend,
        } satisfies FaceTrial);

        async function tryOne(picture: ToTry, signal: AbortSignal): Promise<TriedPicture> {
          const { file, name, hash } = picture;
          const nothing = { file, name, hash, width: 1, height: 1, faces: [], missed: [] };
          if (hash === null) return { ...nothing, error: picture.error ?? 'It could not be decoded.' };
          return await thumbs.use(thumbName(hash, 1440), async (preview) => {
            try {
              const found = await scanner.findFaces(preview, searchSettings(settings), signal);
              const { width, height } = found;
              return { ...nothing, width, height, ...compare(found, picture.faces, known, settings), error: null };
            } catch (error) {
              if (!(error instanceof CodedError)) throw error;
              return { ...nothing, error: error.message };
            }
          });
        }
      });
    },
  };
}

interface ToTry {
  file: number | null;
  name: string;
  hash: string | null;
  faces: FaceToday[];
  error?: string | null;
}

async function uploaded(dir: string): Promise<ToTry[]> {
  const text = await readFile(path.join(dir, referenceFiles.read), 'utf8');
  const { pictures } = Value.Parse(ReadReferences, JSON.parse(text));
  return pictures.map((picture) => ({ ...picture, file: null, faces: [] }));
}

async function knownPeople(sql: Database): Promise<Known> {
  const thresholds = await personThresholds(sql);
  return {
    references: await readReferences(sql, null),
    thresholds: new Map([...thresholds].flatMap(([id, own]) => (own === null ? [] : [[id, own] as const]))),
    names: await personNames(sql, [...thresholds.keys()]),
  };
}

/** The found faces with their names, beside those of today. */
function compare(
  { faces, width, height }: FacesOfPicture,
  today: readonly FaceToday[],
  { references, thresholds, names }: Known,
  settings: FaceTrialSettings,
): { faces: TriedFace[]; missed: MissedFace[] } {
  const placed = faces.map(({ box, descriptor }) => ({
    x: box.left / width,
    y: box.top / height,
    w: box.width / width,
    h: box.height / height,
    descriptor,
  }));
  const earlier = today.map((face) => ({
    ...face,
    descriptor: fromBytes(face.descriptor),
    kept: false,
    ofOtherBytes: false,
  }));
  const { same, gone } = carryOver(earlier, placed);
  const before = same.map((id) => today.find((face) => face.id === id));
  const said: Said[] = before.flatMap((face, i) => [
    ...(face?.name?.state === 'confirmed' ? [{ face: i, person: face.name.person, state: 'confirmed' as const }] : []),
    ...(face?.rejected ?? []).map((person) => ({ face: i, person, state: 'rejected' as const })),
  ]);
  const { nameThreshold: threshold, namePerhaps: perhaps, nameMargin: margin, oncePerPhoto } = settings;
  const reach = Math.max(threshold, ...thresholds.values()) + Math.max(perhaps, margin);
  const near = placed.map(({ descriptor }) =>
    nearestOf(descriptor, references, reach).toSorted((a, b) => a.distance - b.distance),
  );
  const chosen = nameFaces(
    faces.map(({ box, cut }, id) => ({
      id,
      size: Math.round(Math.max(box.width, box.height)),
      cut,
      marked: before[id]?.marked ?? false,
    })),
    near.flatMap((each, face) => each.map((likeness) => ({ face, ...likeness }))),
    said,
    { threshold, perhaps, margin, oncePerPhoto },
    thresholds,
  );
  const nameOf = (person: number): string => names.get(person) ?? `person ${person}`;
  const tried = faces.map(({ box, sharpness }, i): TriedFace => {
    const { x = 0, y = 0, w = 0, h = 0 } = placed[i] ?? {};
    const known = before[i]?.name ?? null;
    const auto = chosen.find((each) => each.face === i);
    const name =
      known?.state === 'confirmed'
        ? known
        : auto
          ? { person: auto.person, name: nameOf(auto.person), perhaps: auto.perhaps }
          : null;
    const [nearest] = near[i] ?? [];
    const second = near[i]?.find((each) => each.person !== nearest?.person);
    return {
      ...{ x, y, w, h, sharpness, score: box.score, size: Math.round(Math.max(box.width, box.height)) },
      distance: nearest?.distance ?? null,
      refimg: nearest?.refimg ?? null,
      runnerUp: second ? { name: nameOf(second.person), distance: second.distance } : null,
      name: name && { person: name.person, name: name.name, perhaps: name.perhaps },
      today: known && { person: known.person, name: known.name, perhaps: known.perhaps },
      change: changeOf(known, name),
    };
  });
  const missed = today
    .filter(({ id, marked }) => gone.includes(id) && !marked)
    .map(({ x, y, w, h, name, byHand, rejected }): MissedFace => {
      const stays = byHand || name?.state === 'confirmed' || rejected.length > 0;
      return { x, y, w, h, today: name && { person: name.person, name: name.name, perhaps: name.perhaps }, stays };
    });
  return { faces: tried, missed };
}

type Named = { person: number; perhaps: boolean } | null;

function changeOf(before: Named, after: Named): Change {
  if (before === null) return after === null ? 'unknown' : 'gained';
  if (after === null) return 'lost';
  if (before.person !== after.person) return 'swapped';
  return before.perhaps === after.perhaps ? 'same' : after.perhaps ? 'unsure' : 'surer';
}
