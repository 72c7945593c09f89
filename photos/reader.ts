import type { ErrorReport } from '../model/errors.ts';
import type { FileType } from '../model/library.ts';
import type { Decodement, Hashed } from './decoder-messages.ts';
import { createDecoderPool, type Verdict } from './decoder-pool.ts';
import { createMetadataTool } from './exiftool.ts';
import { isRaw } from './kind.ts';
import { metadataOf, type Metadata } from './metadata.ts';
import { createPlaceFinder, type Place } from './place.ts';
import { createSlots } from './slots.ts';

export { thumbPath } from './thumb-path.ts';

/** What one file holds. */
export interface Reading extends Hashed, Findings {}

/** What was found in a content; nothing of it where `known` said that it is known. */
interface Findings extends Decodement {
  /** Null where it could not be read. */
  metadata: Metadata | null;
  place: Place | null;
  // `error`: `decode.…` or `metadata.failed`: a bad file is a result, not an exception. There may be a picture all the same.
}

type Known = (hash: Buffer, type: FileType) => Promise<boolean>;

export interface PhotoReader {
  /**
   * Reads a file: hash, thumbnails, metadata. `known` is asked once, with the hash and what the file is, also by its
   * content; where it says yes the rest is spared. Equal contents that are read at the same time are decoded once.
   * @param type what the file is by its name
   * @throws CodedError file.missing, file.unreadable, file.still-written; and what `known` throws
   */
  read(path: Buffer, type: FileType, known: Known): Promise<Reading>;
  /**
   * Writes a larger version of a picture, as long as 4000 px, to the file `into`, as a JPEG; nothing where the file is
   * not that content any more, or has no picture.
   * @param orientation EXIF orientation of a RAW file, 1 to 8
   * @throws CodedError as read
   */
  enlarge(path: Buffer, content: { hash: Buffer; orientation: number | null }, into: string): Promise<void>;
  /** How many files are read side by side from now on. */
  setWorkers(n: number): void;
  close(): Promise<void>;
}

interface Described {
  metadata: Metadata | null;
  place: Place | null;
  failure: ErrorReport | null;
}

export function createPhotoReader(options: { thumbsDir: string; tempDir: string; workers: number }): PhotoReader {
  const slots = createSlots(options.workers);
  const decoders = createDecoderPool({ thumbsDir: options.thumbsDir });
  const places = createPlaceFinder();
  const tool = createMetadataTool({ tempDir: options.tempDir, processes: options.workers });
  /** What is being found out at this moment, by content. */
  const underWay = new Map<string, Promise<Findings>>();

  const described = async (path: Buffer, type: FileType): Promise<Described> => {
    const failed = (why: string): Described => ({
      metadata: null,
      place: null,
      failure: { code: 'metadata.failed', message: `The metadata could not be read: ${why}` },
    });
    try {
      const tags = await tool.tags(path);
      // Of a file that is no media file nothing is expected.
      if (type !== 'other' && tags['File:FileType'] === undefined) {
        const { 'ExifTool:Error': why } = tags;
        return failed(typeof why === 'string' ? why : 'nothing was found');
      }
      const metadata = metadataOf(tags, new Date());
      const { latitude, longitude } = metadata;
      const place = latitude === null || longitude === null ? null : await places.placeAt(latitude, longitude);
      return { metadata, place, failure: null };
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    }
  };

  const readNow = async (path: Buffer, type: FileType, known: Known): Promise<Reading> => {
    const keys: string[] = [];
    let elsewhere: Promise<Findings> | undefined;
    let description: Promise<Described> | undefined;
    const mine = Promise.withResolvers<Findings>();
    mine.promise.catch(() => {}); // This reading throws the same; mostly nobody else waits for it.
    try {
      const reading = await decoders.read(path, type, async (hashed): Promise<Verdict> => {
        if (await known(hashed.hash, hashed.type)) return { decode: false };
        // Of equal contents that are named otherwise something else may be expected.
        const content = `${hashed.hash.toString('hex')} ${hashed.type} ${isRaw(path)}`;
        elsewhere = underWay.get(content);
        if (elsewhere) return { decode: false };
        underWay.set(content, mine.promise);
        keys.push(content);
        description = described(path, hashed.type);
        if (hashed.type !== 'image' && hashed.type !== 'video') return { decode: false };
        // The preview in a RAW file does not say itself which way is up.
        const orientation = isRaw(path) ? ((await description).metadata?.orientation ?? null) : null;
        return { decode: true, orientation, into: null };
      });
      const { hash, size, mtimeNs, type: found, ...decodement } = reading;
      if (elsewhere) {
        const findings = await elsewhere.catch(() => null);
        // The other file vanished in between; this one has to be read for itself.
        if (!findings) return await readNow(path, type, () => Promise.resolve(false));
        return { hash, size, mtimeNs, type: found, ...findings };
      }
      const { metadata, place, failure } = (await description) ?? { metadata: null, place: null, failure: null };
      const findings: Findings = { ...decodement, metadata, place, error: decodement.error ?? failure };
      mine.resolve(findings);
      return { hash, size, mtimeNs, type: found, ...findings };
    } catch (error) {
      mine.reject(error);
      throw error;
    } finally {
      for (const key of keys) underWay.delete(key);
    }
  };

  return {
    read: (path, type, known) => slots.hold(() => readNow(path, type, known)),
    enlarge: (path, { hash, orientation }, into) =>
      slots.hold(async () => {
        await decoders.read(path, 'image', (hashed) =>
          Promise.resolve(
            hashed.hash.equals(hash)
              ? { decode: true, orientation: isRaw(path) ? orientation : null, into }
              : { decode: false },
          ),
        );
      }),
    setWorkers(n) {
      slots.resize(n);
      tool.setProcesses(n);
    },
    async close() {
      decoders.close();
      await tool.close();
    },
  };
}
