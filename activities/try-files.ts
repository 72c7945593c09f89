import { readdir, readFile, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import Value from 'typebox/value';
import { CodedError, type ErrorReport } from '../model/errors.ts';
import { fromText } from '../model/names.ts';
import { trialFiles, uploadName, Uploads, type Trial, type TriedFile } from '../model/tried-file.ts';
import { fileType } from '../photos/kind.ts';
import { createPhotoReader, type PhotoReader, type Reading } from '../photos/reader.ts';
import type { ThumbStore } from '../photos/thumb-store.ts';
import type { NewContent } from '../sql/content.ts';
import type { DescribedFile, FileToDescribe } from '../sql/described.ts';
import { describeFiles } from './describe.ts';
import { contentOf } from './read-content.ts';
import { trialDir } from './references.ts';
import { heartbeating, stopIfCanceled } from './running.ts';
import { writeWhole } from './whole-file.ts';

/** Trials are looked at when they are made; a day later their files go. */
const keptMs = 24 * 3600_000;

interface Tried {
  toDescribe: FileToDescribe;
  content: NewContent | null;
  reading: Reading | null;
  error: ErrorReport | null;
}

export function createTryActivities({ thumbs, tempDir }: { thumbs: ThumbStore; tempDir: string }) {
  const trialsDir = path.join(tempDir, 'trials');
  return {
    /** Reads the uploaded files of a trial as an import would, and leaves the result beside them. */
    async tryFiles({ trial }: { trial: string }): Promise<void> {
      await heartbeating(async () => {
        const dir = trialDir(tempDir, trial, thumbs);
        await forgetOld(trialsDir);
        const { names } = Value.Parse(Uploads, JSON.parse(await readFile(path.join(dir, trialFiles.uploads), 'utf8')));
        const reader = createPhotoReader({ thumbsDir: path.join(dir, trialFiles.thumbs), tempDir, workers: 1 });
        try {
          const tried: Tried[] = [];
          for (const [i, name] of names.entries()) {
            stopIfCanceled();
            tried.push(await tryOne(reader, dir, i + 1, name));
          }
          const described = describeFiles(
            tried.map((each) => each.toDescribe),
            new Date(),
          );
          const result: Trial = { files: described.map((file, i) => triedFile(tried[i], file, described, names)) };
          const file = path.join(dir, trialFiles.result);
          await writeWhole(file, result);
        } finally {
          await reader.close();
        }
      });
    },
  };
}

async function forgetOld(trialsDir: string): Promise<void> {
  for (const name of await readdir(trialsDir)) {
    const dir = path.join(trialsDir, name);
    const { mtimeMs } = await stat(dir);
    if (Date.now() - mtimeMs > keptMs) await rm(dir, { recursive: true, force: true });
  }
}

async function tryOne(reader: PhotoReader, dir: string, id: number, name: string): Promise<Tried> {
  const file = path.join(dir, uploadName(id, name));
  const { mtimeMs } = await stat(file);
  const byName = fileType(Buffer.from(name));
  let reading: Reading | null = null;
  let error: ErrorReport | null;
  try {
    reading = await reader.read(Buffer.from(file), byName, () => Promise.resolve(false));
    error = reading.error;
  } catch (thrown) {
    if (!(thrown instanceof CodedError)) throw thrown;
    error = { code: thrown.code, message: thrown.message };
  }
  const content = reading && contentOf(reading);
  const type = reading?.decoded ? reading.type : byName;
  const mtimeNs = String(BigInt(Math.round(mtimeMs)) * 1_000_000n);
  const common = { id, name: fromText(name), type, mtimeNs };
  return { toDescribe: { ...common, known: content !== null, ...(content ?? nothingKnown) }, content, reading, error };
}

const nothingKnown = {
  ...{ takenAt: null, takenOffset: null, takenZone: null, takenSource: null, takenCertainty: null, passedDates: [] },
  ...{ title: null, description: null, rating: null, labels: [], people: [] },
  ...{ zone: null, duration: null, contentId: null, camera: null, town: null, region: null, country: null },
} satisfies Partial<FileToDescribe>;

function triedFile(
  tried: Tried | undefined,
  described: DescribedFile,
  all: readonly DescribedFile[],
  names: readonly string[],
): TriedFile {
  if (!tried) throw new Error('Every tried file is described.');
  const { content, reading, error, toDescribe } = tried;
  const name = names[described.id - 1] ?? '';
  return {
    id: described.id,
    dir: 0,
    root: 0,
    name,
    nameBytes: Buffer.from(name).toString('base64'),
    path: name,
    size: reading?.size ?? 0,
    mtime: new Date(Number(BigInt(toDescribe.mtimeNs) / 1_000_000n)).toISOString(),
    type: toDescribe.type,
    hash: content?.hash.toString('hex') ?? null,
    thumb: content?.thumb ?? false,
    thumbhash: content?.thumbhash?.toString('base64') ?? null,
    width: content?.width ?? null,
    height: content?.height ?? null,
    orientation: content?.orientation ?? null,
    takenAt: described.takenAt,
    takenOffset: described.takenOffset,
    takenZone: described.takenZone,
    takenSource: described.takenSource,
    takenCertainty: described.takenCertainty,
    passedDates: described.passedDates,
    camera: content?.camera ?? null,
    latitude: content?.latitude ?? null,
    longitude: content?.longitude ?? null,
    place: reading?.place ?? null,
    format: content?.format ?? null,
    duration: content?.duration ?? null,
    codecs: content?.codecs ?? [],
    title: described.title,
    description: described.description,
    rating: described.rating,
    tags: described.labels,
    people: content?.people ?? [],
    regions: reading?.metadata?.about.regions ?? [],
    motion: content?.clip != null,
    numFaces: 0,
    hasUnidentifiedFace: false,
    main: described.main,
    part: described.part,
    parts: all.filter(({ main }) => main === described.id).flatMap(({ part }) => part ?? []),
    decoder: content?.decoder ?? null,
    decodeMs: content?.decodeMs ?? null,
    warnings: content?.warnings ?? [],
    metadata: content?.tags ?? null,
    readAt: new Date().toISOString(),
    error: error && { step: 'thumbs', ...error },
  };
}
