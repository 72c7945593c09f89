import { readFile } from 'node:fs/promises';
import path from 'node:path';
import Value from 'typebox/value';
import { Context } from '@temporalio/activity';
import type { Scanner } from '../faces/scanner.ts';
import { toStored } from '../faces/stored.ts';
import { CodedError } from '../model/errors.ts';
import { fromText } from '../model/names.ts';
import {
  type FoundReferences,
  mostReferences,
  ReadReferences,
  ReferenceFolder,
  referenceFiles,
} from '../model/reference-upload.ts';
import { trialFiles, uploadName, Uploads } from '../model/tried-file.ts';
import { picturesInFolder } from '../photos/folder.ts';
import type { PhotoReader, Reading } from '../photos/reader.ts';
import { thumbName } from '../photos/thumb-path.ts';
import { thumbNames, type ThumbStore } from '../photos/thumb-store.ts';
import type { Database } from '../sql/database.ts';
import { personNamed, personNames } from '../sql/people.ts';
import { addRefimg } from '../sql/refimgs.ts';
import type { Roots } from './roots.ts';
import { heartbeating, stopIfCanceled } from './running.ts';
import { writeWhole } from './whole-file.ts';

type Picture = ReadReferences['pictures'][number];
type Found = FoundReferences['pictures'][number];

/** A picture to be read: where it is, and what people call it. */
interface Source {
  file: Buffer;
  name: string;
  who: string | null;
}

/** The first half of adding reference images: previews of the pictures, whatever their format. */
interface ReadingDeps {
  roots: Roots;
  reader: PhotoReader;
  thumbs: ThumbStore;
  tempDir: string;
}

export function createReferenceReading({ roots, reader, thumbs, tempDir }: ReadingDeps) {
  return {
    /** Of uploads, or of a folder on this machine: its files are read where they are, and not touched. */
    async readReferences({ trial, byFolder = false }: { trial: string; byFolder?: boolean }): Promise<void> {
      await heartbeating(async () => {
        const dir = trialDir(tempDir, trial, thumbs);
        const { sources, left } = await sourcesOf(dir, byFolder, roots);
        const pictures: Picture[] = [];
        for (const source of sources) {
          stopIfCanceled();
          pictures.push(await readOne(reader, thumbs, source));
        }
        await writeWhole(path.join(dir, referenceFiles.read), { left, pictures } satisfies ReadReferences);
      });
    },
  };
}

async function sourcesOf(dir: string, byFolder: boolean, roots: Roots): Promise<{ sources: Source[]; left: number }> {
  const folder = await textIfThere(path.join(dir, referenceFiles.folder));
  if (folder !== null) {
    const { path: where } = Value.Parse(ReferenceFolder, JSON.parse(folder));
    return await picturesInFolder(fromText(roots.here(where)), { byFolder, most: mostReferences });
  }
  const { names } = Value.Parse(Uploads, JSON.parse(await readFile(path.join(dir, trialFiles.uploads), 'utf8')));
  const sources = names.map((name, i) => ({
    file: Buffer.from(path.join(dir, uploadName(i + 1, name))),
    name,
    who: null,
  }));
  return { sources, left: 0 };
}

async function textIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

async function readOne(reader: PhotoReader, thumbs: ThumbStore, { file, name, who }: Source): Promise<Picture> {
  let reading: Reading;
  try {
    reading = await reader.read(file, 'image', () => Promise.resolve(false));
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { name, who, hash: null, error: error.message };
  }
  const hash = reading.hash.toString('hex');
  if (!reading.decoded) return { name, who, hash: null, error: reading.error?.message ?? 'It is no picture.' };
  await thumbs.put(thumbNames(hash));
  return { name, who, hash, error: null };
}

interface FindingDeps {
  sql: Database;
  scanner: Scanner;
  thumbs: ThumbStore;
  tempDir: string;
}

/** The second half: the faces in them. */
export function createReferenceFinding({ sql, scanner, thumbs, tempDir }: FindingDeps) {
  return {
    /**
     * A picture with one face becomes a reference image of the person; of several faces, or of none, a person chooses.
     * Without `person` it is the one that the picture's folder is named like, who is added where that is needed.
     */
    async findReferences({ trial, person }: { trial: string; person?: number }): Promise<{ persons: number[] }> {
      return await heartbeating(async () => {
        const dir = trialDir(tempDir, trial, thumbs);
        const text = await readFile(path.join(dir, referenceFiles.read), 'utf8');
        const { pictures, left } = Value.Parse(ReadReferences, JSON.parse(text));
        const known = person === undefined ? null : whoIs(person, await personNames(sql, [person]));
        const found: Found[] = [];
        for (const picture of pictures) {
          stopIfCanceled();
          // Nobody is added for the sake of a file that is no picture.
          const who = known ?? (picture.hash === null ? null : await named(picture.who));
          const each = await findOne(scanner, thumbs, picture, who);
          const [face] = each.faces;
          const clear = each.faces.length === 1 && each.foundBy !== 'assumed';
          if (face && clear && each.hash !== null && who) each.refimg = await addFound(sql, who.id, each, face);
          found.push(each);
        }
        await writeWhole(path.join(dir, referenceFiles.result), { left, pictures: found } satisfies FoundReferences);
        return {
          persons: [...new Set(found.flatMap((each) => (each.refimg === null ? [] : (each.person?.id ?? []))))],
        };
      });
    },
  };

  async function named(who: string | null): Promise<Found['person']> {
    return who === null ? null : { id: await personNamed(sql, who), name: who };
  }
}

/** Throws person.unknown. */
function whoIs(id: number, names: ReadonlyMap<number, string>): NonNullable<Found['person']> {
  const name = names.get(id);
  if (name === undefined) throw new CodedError('person.unknown', `There is no person with the number ${id}.`);
  return { id, name };
}

async function findOne(
  scanner: Scanner,
  thumbs: ThumbStore,
  { name, hash, error }: Picture,
  person: Found['person'],
): Promise<Found> {
  const nothing = { name, person, hash, error, foundBy: null, faces: [], refimg: null };
  if (hash === null) return nothing;
  const signal = Context.current().cancellationSignal;
  return await thumbs.use(thumbName(hash, 1440), async (preview) => {
    try {
      const found = await scanner.findReference(preview, null, signal);
      return {
        ...nothing,
        foundBy: found.foundBy,
        faces: found.faces.map((face) => {
          const { x, y, w, h, size, sharpness, landmarks, descriptor } = toStored(face, found);
          const [points, numbers] = [landmarks.toString('base64'), descriptor.toString('base64')];
          return { x, y, w, h, size, sharpness, landmarks: points, descriptor: numbers };
        }),
      };
    } catch (thrown) {
      if (!(thrown instanceof CodedError)) throw thrown;
      return { ...nothing, error: thrown.message };
    }
  });
}

async function addFound(sql: Database, person: number, { name, hash, foundBy }: Found, face: Found['faces'][number]) {
  const { descriptor, landmarks, ...place } = face;
  return await addRefimg(sql, {
    ...place,
    person,
    face: null,
    hash: Buffer.from(hash ?? '', 'hex'),
    title: name,
    foundBy: foundBy ?? 'detector',
    landmarks: Buffer.from(landmarks, 'base64'),
    descriptor: Buffer.from(descriptor, 'base64'),
  });
}

/** The directory of a trial. Throws request.invalid; upload.elsewhere where only a worker on another machine has it. */
export function trialDir(tempDir: string, trial: string, { isShared }: Pick<ThumbStore, 'isShared'>): string {
  if (!isShared) throw new CodedError('upload.elsewhere');
  if (!/^[0-9a-f-]{36}$/.test(trial)) throw new CodedError('request.invalid', 'That is no name of a trial.');
  return path.join(tempDir, 'trials', trial);
}
