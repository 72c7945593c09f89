import { readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Value from 'typebox/value';
import { Context } from '@temporalio/activity';
import { toBytes } from '../faces/descriptor.ts';
import type { Scanner } from '../faces/scanner.ts';
import { CodedError } from '../model/errors.ts';
import { type FoundReferences, ReadReferences, referenceFiles } from '../model/reference-upload.ts';
import { trialFiles, uploadName, Uploads } from '../model/tried-file.ts';
import { thumbPath, type PhotoReader } from '../photos/reader.ts';
import type { Database } from '../sql/database.ts';
import { addRefimg } from '../sql/refimgs.ts';
import { heartbeating, stopIfCanceled } from './running.ts';

type Picture = ReadReferences['pictures'][number];
type Found = FoundReferences['pictures'][number];

/** The first half of adding reference images: previews of the uploaded pictures, whatever their format. */
export function createReferenceReading({ reader, tempDir }: { reader: PhotoReader; tempDir: string }) {
  return {
    async readReferences({ trial }: { trial: string }): Promise<void> {
      await heartbeating(async () => {
        const dir = trialDir(tempDir, trial);
        const { names } = Value.Parse(Uploads, JSON.parse(await readFile(path.join(dir, trialFiles.uploads), 'utf8')));
        const pictures: Picture[] = [];
        for (const [i, name] of names.entries()) {
          stopIfCanceled();
          pictures.push(await readOne(reader, path.join(dir, uploadName(i + 1, name)), name));
        }
        await store(path.join(dir, referenceFiles.read), { pictures } satisfies ReadReferences);
      });
    },
  };
}

async function readOne(reader: PhotoReader, file: string, name: string): Promise<Picture> {
  try {
    const { decoded, error, hash } = await reader.read(Buffer.from(file), 'image', () => Promise.resolve(false));
    if (decoded) return { name, hash: hash.toString('hex'), error: null };
    return { name, hash: null, error: error?.message ?? 'It is no picture.' };
  } catch (error) {
    if (!(error instanceof CodedError)) throw error;
    return { name, hash: null, error: error.message };
  }
}

interface FindingDeps {
  sql: Database;
  scanner: Scanner;
  thumbsDir: string;
  tempDir: string;
}

/** The second half: the faces in them. */
export function createReferenceFinding({ sql, scanner, thumbsDir, tempDir }: FindingDeps) {
  return {
    /** A picture with one face becomes a reference image of the person; of several faces, or of none, a person chooses. */
    async findReferences({ trial, person }: { trial: string; person: number }): Promise<void> {
      await heartbeating(async () => {
        const dir = trialDir(tempDir, trial);
        const text = await readFile(path.join(dir, referenceFiles.read), 'utf8');
        const { pictures } = Value.Parse(ReadReferences, JSON.parse(text));
        const found: Found[] = [];
        for (const picture of pictures) {
          stopIfCanceled();
          const each = await findOne(scanner, thumbsDir, picture);
          const [face] = each.faces;
          const clear = each.faces.length === 1 && each.foundBy !== 'assumed';
          if (face && clear && each.hash !== null) each.refimg = await addFound(sql, person, each, face);
          found.push(each);
        }
        await store(path.join(dir, referenceFiles.result), { person, pictures: found } satisfies FoundReferences);
      });
    },
  };
}

async function findOne(scanner: Scanner, thumbsDir: string, { name, hash, error }: Picture): Promise<Found> {
  const nothing = { name, hash, error, foundBy: null, faces: [], refimg: null };
  if (hash === null) return nothing;
  try {
    const signal = Context.current().cancellationSignal;
    const { faces, width, height, foundBy } = await scanner.findReference(
      thumbPath(thumbsDir, hash, 1440),
      null,
      signal,
    );
    return {
      ...nothing,
      foundBy,
      faces: faces.map(({ box, sharpness, descriptor }) => ({
        x: box.left / width,
        y: box.top / height,
        w: box.width / width,
        h: box.height / height,
        size: Math.round(Math.max(box.width, box.height)),
        sharpness,
        descriptor: toBytes(descriptor).toString('base64'),
      })),
    };
  } catch (thrown) {
    if (!(thrown instanceof CodedError)) throw thrown;
    return { ...nothing, error: thrown.message };
  }
}

async function addFound(sql: Database, person: number, { name, hash, foundBy }: Found, face: Found['faces'][number]) {
  const { descriptor, ...place } = face;
  return await addRefimg(sql, {
    ...place,
    person,
    face: null,
    hash: Buffer.from(hash ?? '', 'hex'),
    title: name,
    foundBy: foundBy ?? 'detector',
    descriptor: Buffer.from(descriptor, 'base64'),
  });
}

/** The directory of a trial. Throws request.invalid. */
export function trialDir(tempDir: string, trial: string): string {
  if (!/^[0-9a-f-]{36}$/.test(trial)) throw new CodedError('request.invalid', 'That is no name of a trial.');
  return path.join(tempDir, 'trials', trial);
}

async function store(file: string, value: object): Promise<void> {
  await writeFile(`${file}.part`, JSON.stringify(value));
  await rename(`${file}.part`, file);
}
