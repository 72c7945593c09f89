import { Context } from '@temporalio/activity';
import { sameFace } from '../faces/box.ts';
import { placeRegions, type Share } from '../faces/regions.ts';
import type { Scanner } from '../faces/scanner.ts';
import { toStored, type StoredFace } from '../faces/stored.ts';
import { CodedError } from '../model/errors.ts';
import { modelName } from '../model/face-scans.ts';
import type { DrawFaceInput } from '../model/job-kinds.ts';
import type { LogLevel } from '../model/job.ts';
import { thumbName } from '../photos/thumb-path.ts';
import type { ThumbStore } from '../photos/thumb-store.ts';
import { beginAiScan } from '../sql/ai-scans.ts';
import type { Database } from '../sql/database.ts';
import { knownFaces, namePlaces, type NamedPlace, type Outcome } from '../sql/drawn-faces.ts';
import { previewOf } from '../sql/files.ts';
import { writeLog } from '../sql/log.ts';
import { addRefimg } from '../sql/refimgs.ts';
import { filesWithRegions, picturesWithNames, type FileWithRegions } from '../sql/regions.ts';
import { createPages } from './pages.ts';
import { currentJob, heartbeating, stopIfCanceled, thisRun } from './running.ts';

/** Pictures of one call: between two calls the job tells how far it is. */
const pageFiles = 100;

interface DrawnDeps {
  sql: Database;
  scanner: Scanner;
  thumbs: ThumbStore;
  version: string;
}

export interface TakeOverOrder {
  names: readonly { name: string; person: number }[];
  /** Pictures up to this number are done. */
  after: number;
}

/** Faces that people know of and no scan found: drawn on the page, or written in files by other programs. */
export function createDrawnFaces({ sql, scanner, thumbs, version }: DrawnDeps) {
  const nextPage = createPages(pageFiles);
  return {
    /** Describes the face in a box, and stores it with its name; a face that is there already gets the name. */
    async drawFace({ of, person, box }: DrawFaceInput): Promise<void> {
      await heartbeating(async () => {
        const hash = 'file' in of ? await previewOf(sql, of.file) : of.hash;
        const seen = await look(hash, box);
        if ('hash' in of) {
          const { score: _, cut: __, ...rest } = seen;
          const [face, bytes, title] = [null, Buffer.from(of.hash, 'hex'), of.title];
          await addRefimg(sql, { ...rest, person, face, hash: bytes, title, foundBy: 'by hand' });
          return;
        }
        const scan = await newScan();
        const [outcome] = await namePlaces(
          sql,
          { file: of.file, scan, places: [{ person, seen }], overrule: true },
          (faces) => {
            const at = faces.findIndex((face) => sameFace(boxOf(face), boxOf(box)));
            return [at === -1 ? null : at];
          },
        );
        const text = outcome === 'drawn' ? 'a face was added by hand' : 'the face there got its name';
        await writeLog(sql, [{ job: currentJob(), level: 'info', text, file: of.file }]);
      });
    },

    /** Takes over the names in a page of pictures. @returns how many these were, and how many are left */
    async takeOverRegions({
      names,
      after,
    }: TakeOverOrder): Promise<{ files: number; left: number; last: number | null }> {
      return await heartbeating(async () => {
        const persons = new Map(names.map(({ name, person }) => [plain(name), person]));
        const { page, left } = await nextPage({ run: thisRun().run, after }, () =>
          picturesWithNames(sql, [...persons.keys()], after),
        );
        const files = await filesWithRegions(sql, page);
        const scan = await newScan();
        const total = new Map<Outcome, number>();
        for (const file of files) {
          stopIfCanceled();
          const told = await takeOver(file, persons, scan);
          for (const { name, outcome } of told) {
            total.set(outcome, (total.get(outcome) ?? 0) + 1);
            const why = remarks[outcome];
            if (why !== undefined) await tell('warn', `${name}: ${why}`, file.id);
          }
        }
        const count = (outcome: Outcome) => total.get(outcome) ?? 0;
        if (files.length > 0) {
          await tell(
            'info',
            `${files.length} pictures: ${count('named')} faces got the name written in the file, ${count('drawn')} more were added where it says, ${count('known')} had it already`,
            null,
          );
        }
        return { files: files.length, left, last: left === 0 ? null : (page.at(-1) ?? null) };
      });
    },
  };

  async function takeOver(
    file: FileWithRegions,
    persons: ReadonlyMap<string, number>,
    scan: number,
  ): Promise<{ name: string; outcome: Outcome }[]> {
    const faces = await knownFaces(sql, file.id);
    const wanted = new Map<number, { name: string; place: Share }>();
    for (const { regions, appliedTo } of file.written) {
      const its = regions.filter(({ type, name }) => type === 'face' && name !== null);
      const { orientation } = file;
      const shares = its.map(({ left, top, width, height }) => ({ x: left, y: top, w: width, h: height }));
      const placed = placeRegions({ regions: shares, orientation, appliedTo }, faces, file);
      for (const [i, { name }] of its.entries()) {
        const person = persons.get(plain(name ?? ''));
        const place = placed[i]?.place;
        if (person !== undefined && place && !wanted.has(person)) wanted.set(person, { name: name ?? '', place });
      }
    }
    const all = [...wanted.values()];
    const match = (known: readonly Share[]) =>
      placeRegions({ regions: all.map(({ place }) => place), orientation: 1, appliedTo: null }, known, file).map(
        ({ face }) => face,
      );
    const now = match(faces);
    const places: NamedPlace[] = [];
    for (const [i, person] of [...wanted.keys()].entries()) {
      const place = all[i]?.place;
      places.push({ person, seen: now[i] == null && place ? await lookOrNull(file, place) : null });
    }
    const outcomes = await namePlaces(sql, { file: file.id, scan, places, overrule: false }, match);
    return outcomes.map((outcome, i) => ({ name: all[i]?.name ?? '', outcome }));
  }

  /** A picture that can't be looked at is told of, and the others go on. */
  async function lookOrNull(file: FileWithRegions, place: Share): Promise<StoredFace | null> {
    try {
      return await look(file.hash.toString('hex'), place);
    } catch (error) {
      if (!(error instanceof CodedError)) throw error;
      await tell('warn', error.message, file.id);
      return null;
    }
  }

  async function look(hash: string, box: Share): Promise<StoredFace> {
    const signal = Context.current().cancellationSignal;
    const found = await thumbs.use(thumbName(hash, 1440), (preview) =>
      scanner.findReference(preview, boxOf(box), signal),
    );
    const [face] = found.faces;
    if (!face) throw new CodedError('faces.failed', 'The box holds nothing of the picture.');
    return toStored(face, found);
  }

  async function newScan(): Promise<number> {
    const { name } = await scanner.backend();
    return await beginAiScan(sql, { ...thisRun(), version, model: modelName(name), settings: {} });
  }

  async function tell(level: LogLevel, text: string, file: number | null): Promise<void> {
    await writeLog(sql, [{ job: currentJob(), level, text, file }]);
  }
}

const remarks: Partial<Record<Outcome, string>> = {
  'against a word': 'left as it is, for you said something else of this face, or named another one in the picture so',
  'not there': 'there is no face where the file says',
};

const plain = (name: string): string => name.trim().toLowerCase();
const boxOf = ({ x, y, w, h }: Share) => ({ left: x, top: y, width: w, height: h });
