import type { ErrorReport } from '../model/errors.ts';
import type { FileType } from '../model/library.ts';
import type { Decoded, Hashed } from './decoder-messages.ts';
import { createDecoderPool } from './decoder-pool.ts';
import { createMetadataTool } from './exiftool.ts';
import { decoding } from './kind.ts';
import { metadataOf, type Metadata } from './metadata.ts';
import { createSlots } from './slots.ts';

export type { Decoded } from './decoder-messages.ts';
export type { Metadata } from './metadata.ts';
export { thumbPath } from './thumb-path.ts';

/** What one file holds. */
export interface Reading extends Hashed {
  /** Null where `known` said so, and for what is no picture that is decoded here. */
  decoded: Decoded | null;
  /** Null where `known` said so, and where it could not be read. */
  metadata: Metadata | null;
  /** `decode.…` or `metadata.failed`: a bad file is a result, not an exception. There may be a picture all the same. */
  error: ErrorReport | null;
}

export interface PhotoReader {
  /**
   * Reads a file: hash, thumbnails, metadata. `known` is asked once, with the hash; where it says yes the rest is
   * spared. Equal contents that are read at the same time are decoded once.
   * @throws CodedError file.missing, file.unreadable, file.still-written; and what `known` throws
   */
  read(path: Buffer, type: FileType, known: (hash: Buffer) => Promise<boolean>): Promise<Reading>;
  /** How many files are read side by side from now on. */
  setWorkers(n: number): void;
  close(): Promise<void>;
}

type Findings = Pick<Reading, 'decoded' | 'metadata' | 'error'>;

export function createPhotoReader(options: { thumbsDir: string; tempDir: string; workers: number }): PhotoReader {
  const slots = createSlots(options.workers);
  const decoders = createDecoderPool({ thumbsDir: options.thumbsDir });
  const tool = createMetadataTool({ tempDir: options.tempDir, processes: options.workers });
  /** What is being found out at this moment, by content. */
  const underWay = new Map<string, Promise<Findings>>();

  const metadata = async (path: Buffer, type: FileType): Promise<Pick<Reading, 'metadata' | 'error'>> => {
    const failed = (why: string): Pick<Reading, 'metadata' | 'error'> => ({
      metadata: null,
      error: { code: 'metadata.failed', message: `The metadata could not be read: ${why}` },
    });
    try {
      const tags = await tool.tags(path);
      // Of a file that is no media file nothing is expected.
      if (type !== 'other' && tags.FileType === undefined) {
        return failed(typeof tags.Error === 'string' ? tags.Error : 'nothing was found');
      }
      return { metadata: metadataOf(tags), error: null };
    } catch (error) {
      return failed(error instanceof Error ? error.message : String(error));
    }
  };

  const readNow = async (path: Buffer, type: FileType, known: (hash: Buffer) => Promise<boolean>): Promise<Reading> => {
    const how = type === 'image' ? decoding(path) : 'never';
    const keys: string[] = [];
    let elsewhere: Promise<Findings> | undefined;
    let described: ReturnType<typeof metadata> | undefined;
    const mine = Promise.withResolvers<Findings>();
    mine.promise.catch(() => {}); // This reading throws the same; mostly nobody else waits for it.
    try {
      const { decoded, error, ...hashed } = await decoders.read(path, how, async ({ hash }) => {
        if (await known(hash)) return false;
        const content = `${hash.toString('hex')} ${type} ${how}`;
        elsewhere = underWay.get(content);
        if (elsewhere) return false;
        underWay.set(content, mine.promise);
        keys.push(content);
        described = metadata(path, type);
        return how !== 'never';
      });
      if (elsewhere) {
        const findings = await elsewhere.catch(() => null);
        // The other file vanished in between; this one has to be read for itself.
        return findings ? { ...hashed, ...findings } : await readNow(path, type, () => Promise.resolve(false));
      }
      const description = await (described ?? { metadata: null, error: null });
      const findings = { decoded, metadata: description.metadata, error: error ?? description.error };
      mine.resolve(findings);
      return { ...hashed, ...findings };
    } catch (error) {
      mine.reject(error);
      throw error;
    } finally {
      for (const key of keys) underWay.delete(key);
    }
  };

  return {
    read: (path, type, known) => slots.hold(() => readNow(path, type, known)),
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
