import { Readable } from 'node:stream';
import { Context } from '@temporalio/activity';
import { descriptorLength, fromBytes } from '../faces/descriptor.ts';
import { nameFaces, type NameSettings } from '../faces/match.ts';
import { nearestOf, referencesOf, type References } from '../faces/nearest.ts';
import type { Scanner } from '../faces/scanner.ts';
import { likelyOf, sketchOf, type Likely } from '../faces/sketch.ts';
import { modelName } from '../model/face-scans.ts';
import { beginAiScan } from '../sql/ai-scans.ts';
import type { Database } from '../sql/database.ts';
import { descriptorsOf, facePage, filesLikeIt, type FacePage } from '../sql/face-pages.ts';
import { writeLog } from '../sql/log.ts';
import { nameFiles } from '../sql/names.ts';
import { personThresholds } from '../sql/people.ts';
import { activeRefimgs } from '../sql/refimgs.ts';
import { readStoredSettings } from '../sql/settings.ts';
import type { NewLikeness } from '../sql/store-names.ts';
import { currentJob, heartbeating, nextPiece, thisRun } from './running.ts';

/** Dirs and files whose faces are read at once, and files of one transaction. */
const sizes = { dirs: 100, page: 8192, transaction: 500 };
/** The database works for some while others are looked at here. */
const pagesAtOnce = 2;
const transactionsAtOnce = 2;
/** Comparisons of a page that are made here, in some hundredths of a second; more are worth a process of their own. */
const comparedHere = 1_000_000;

export interface IdentifyOrder {
  dirs: readonly number[];
  /** Only this person's likenesses are found anew; everybody's when absent. */
  person?: number;
  /** Also faces that have a name already. */
  all?: boolean;
}

export interface Identified {
  names: number;
  changed: number;
}

interface Search {
  references: References;
  reach: number;
  persons: readonly number[];
  /** Where one person is looked for: the files it is likened to already. Null: every file is named anew. */
  like: ReadonlySet<number> | null;
}

/** What the sketches tell of a face. */
interface Candidate {
  sketch: Int8Array;
  persons: number[];
}

/** A file to be named. */
interface Wanted {
  id: number;
  dir: number;
  faces: Map<number, Candidate>;
}

export function createIdentifyActivities({
  sql,
  scanner,
  processes,
  version,
}: {
  sql: Database;
  scanner: Scanner;
  processes: number;
  version: string;
}) {
  /** Who the faces of a page may be. */
  const likely = async (
    { sketches }: FacePage,
    { references, reach }: Search,
    signal: AbortSignal,
  ): Promise<Likely> => {
    const comparisons = (sketches.length / descriptorLength) * references.refs.length;
    return comparisons <= comparedHere
      ? likelyOf(sketches, references, reach)
      : await scanner.likely(sketches, references, reach, signal);
  };

  return {
    /**
     * Finds out who the faces of some dirs are, dir after dir: how near each comes to the reference images, then who it
     * is. It matches what the faces step has stored; no picture is opened.
     */
    async identify({ dirs, person, all = false }: IdentifyOrder): Promise<Identified> {
      if (dirs.length === 0) return { names: 0, changed: 0 };
      return await heartbeating(async () => {
        const { nameThreshold, namePerhaps, nameMargin, oncePerPhoto } = await readStoredSettings(sql);
        const settings: NameSettings = {
          threshold: nameThreshold,
          perhaps: namePerhaps,
          margin: nameMargin,
          oncePerPhoto,
        };
        const thresholds = await personThresholds(sql);
        const own = new Map([...thresholds].flatMap(([id, its]) => (its === null ? [] : [[id, its] as const])));
        const persons = person === undefined ? [...thresholds.keys()] : [person];
        const search: Search = {
          persons,
          references: await readReferences(sql, person === undefined ? null : persons),
          // Beyond the threshold the second best is told, too.
          reach: Math.max(settings.threshold, ...own.values()) + Math.max(settings.perhaps, settings.margin),
          like: person === undefined ? null : await filesLikeIt(sql, person),
        };
        const scan = await beginAiScan(sql, { ...thisRun(), version, model: modelName('any'), settings });
        const signal = Context.current().cancellationSignal;

        const total = { names: 0, changed: 0 };
        const nameBatch = async (files: readonly Wanted[]) => {
          await nextPiece();
          const dirOf = new Map(files.map(({ id, dir }) => [id, dir]));
          const candidates = new Map(files.flatMap((file) => [...file.faces]));
          const { names, changed } = await nameFiles(sql, {
            files: [...dirOf.keys()],
            persons,
            scan,
            liken: async (queries, faces) => {
              const descriptors = await descriptorsOf(queries, faces);
              return [...descriptors].flatMap(([face, its]) => likenessesOf(face, its, candidates.get(face), search));
            },
            name: (file, likenesses) => nameFaces(file.faces, likenesses, file.said, settings, own),
          });
          total.names += names;
          const changedIn = new Map<number, number>();
          for (const [file, count] of changed) {
            const its = dirOf.get(file) ?? 0;
            changedIn.set(its, (changedIn.get(its) ?? 0) + count);
            total.changed += count;
          }
          await writeLog(
            sql,
            [...changedIn].map(([id, count]) => ({
              job: currentJob(),
              level: 'info',
              text: `${count} ${count === 1 ? 'name' : 'names'} new or changed`,
              root: null,
              dir: id,
            })),
          );
        };

        const parts = Array.from({ length: Math.ceil(dirs.length / sizes.dirs) }, (_, i) =>
          dirs.slice(i * sizes.dirs, (i + 1) * sizes.dirs),
        );
        // Pages are read side by side, and compared by all processes.
        const pages = Readable.from(parts)
          .map((part: number[]) => facePage(sql, { dirs: part, all, after: null, limit: sizes.page }), {
            concurrency: pagesAtOnce,
          })
          .flatMap((first: FacePage) => withTheNext(sql, first, all))
          .map(async (page: FacePage) => ({ page, who: await likely(page, search, signal) }), {
            concurrency: processes + 1,
          }) as AsyncIterable<{ page: FacePage; who: Likely }>; // A stream does not tell what it holds.
        await Readable.from(batches(pages, search)).forEach(nameBatch, { concurrency: transactionsAtOnce });
        await nextPiece();
        return total;
      });
    },
  };
}

/** The reference images that are switched on, of some persons or of all. */
export async function readReferences(sql: Database, persons: readonly number[] | null): Promise<References> {
  const refimgs = await activeRefimgs(sql, persons);
  return referencesOf(refimgs.map((each) => ({ ...each, descriptor: fromBytes(each.descriptor) })));
}

/** A page and those after it of the same dirs: there are none mostly, but a dir may hold any number of files. */
async function* withTheNext(sql: Database, first: FacePage, all: boolean): AsyncGenerator<FacePage> {
  yield first;
  for (let { next } = first; next !== null;) {
    const page = await facePage(sql, { ...next, all, limit: sizes.page });
    yield page;
    next = page.next;
  }
}

/** The files to be named, as many at a time as are named in one transaction. */
async function* batches(
  pages: AsyncIterable<{ page: FacePage; who: Likely }>,
  search: Search,
): AsyncGenerator<Wanted[]> {
  let batch: Wanted[] = [];
  for await (const { page, who } of pages) {
    for (const file of wanted(page, who, search)) {
      if (batch.push(file) < sizes.transaction) continue;
      yield batch;
      batch = [];
    }
  }
  yield batch;
}

/** The files of a page that are to be named, in its order. */
function* wanted({ dirOf, files, faces, sketches }: FacePage, who: Likely, { like }: Search): Generator<Wanted> {
  let w = 0;
  for (let i = 0, end = 0; i < files.length; i = end) {
    const id = files[i] ?? 0;
    while (end < files.length && files[end] === id) end++;
    const near = like === null || like.has(id) || (who.faces[w] ?? Infinity) < end;
    if (!near) continue;
    const candidates = new Map<number, Candidate>();
    for (let k = i; k < end; k++) {
      const persons: number[] = [];
      for (; who.faces[w] === k; w++) persons.push(who.persons[w] ?? 0);
      const sketch = sketches.subarray(k * descriptorLength, (k + 1) * descriptorLength);
      candidates.set(faces[k] ?? 0, { sketch, persons });
    }
    yield { id, dir: dirOf.get(id) ?? 0, faces: candidates };
  }
}

/** A face that was found or described anew since its sketch was read is compared with everybody. */
function likenessesOf(
  face: number,
  descriptor: Float32Array,
  candidate: Candidate | undefined,
  { references, reach }: Search,
): NewLikeness[] {
  const known = candidate && sketchOf(descriptor).every((value, i) => value === candidate.sketch[i]);
  return nearestOf(descriptor, references, reach, known ? candidate.persons : undefined).map((near) => ({
    face,
    ...near,
  }));
}
