import { Context } from '@temporalio/activity';
import { descriptorLength, fromBytes } from '../faces/descriptor.ts';
import { nameFaces, type NameSettings } from '../faces/match.ts';
import { nearestOf, type References } from '../faces/nearest.ts';
import { modelName } from '../model/face-scans.ts';
import { beginAiScan } from '../sql/ai-scans.ts';
import type { Database } from '../sql/database.ts';
import { writeLog } from '../sql/log.ts';
import { filesWithFaces, nameFiles, type FileToName, type NewLikeness } from '../sql/names.ts';
import { personThresholds } from '../sql/people.ts';
import { activeRefimgs } from '../sql/refimgs.ts';
import { readStoredSettings } from '../sql/settings.ts';
import { thisRun } from './faces.ts';
import { currentJob, heartbeating, stopIfCanceled } from './running.ts';

/** Files of one transaction. */
const pageFiles = 200;

export interface IdentifyOrder {
  dirs: readonly number[];
  /** Only this person's likenesses are found anew; everybody's when absent. */
  person?: number;
  /** Also faces that have a name already. */
  all?: boolean;
}

export function createIdentifyActivities({ sql, version }: { sql: Database; version: string }) {
  return {
    /**
     * Finds out who the faces of some dirs are, dir after dir: how near each comes to the reference images, then who it
     * is. It matches what the faces step has stored; no picture is opened.
     */
    async identify({ dirs, person, all = false }: IdentifyOrder): Promise<{ names: number; changed: number }> {
      return await heartbeating(async () => {
        const { nameThreshold, namePerhaps, nameMargin, oncePerPhoto } = await readStoredSettings(sql);
        const settings: NameSettings = {
          threshold: nameThreshold,
          perhaps: namePerhaps,
          margin: nameMargin,
          oncePerPhoto,
        };
        const thresholds = await personThresholds(sql);
        const persons = person === undefined ? [...thresholds.keys()] : [person];
        const references = blockOf(await activeRefimgs(sql, person === undefined ? null : persons));
        const own = new Map([...thresholds].flatMap(([id, its]) => (its === null ? [] : [[id, its] as const])));
        // Beyond the threshold the second best is told, too.
        const reach = Math.max(settings.threshold, ...own.values()) + Math.max(settings.perhaps, settings.margin);
        const scan = await beginAiScan(sql, { ...thisRun(), version, model: modelName('any'), settings });

        const liken = (faces: FileToName['faces']): NewLikeness[] =>
          faces.flatMap((face) =>
            nearestOf(fromBytes(face.descriptor), references, reach).map((near) => ({ face: face.id, ...near })),
          );
        const total = { names: 0, changed: 0 };
        for (const dir of dirs) {
          const found = { names: 0, changed: 0 };
          for (let after = 0; ;) {
            stopIfCanceled();
            Context.current().heartbeat({ dir });
            const files = await filesWithFaces(sql, dir, { all, after, limit: pageFiles });
            const last = files.at(-1);
            if (last === undefined) break;
            after = last;
            const { names, changed } = await nameFiles(sql, { files, persons, scan }, liken, (file, likenesses) =>
              nameFaces(file.faces, likenesses, file.said, settings, own),
            );
            found.names += names;
            found.changed += changed;
          }
          if (found.changed > 0) {
            const text = `${found.names} names, ${found.changed} of them new or changed`;
            await writeLog(sql, [{ job: currentJob(), level: 'info', text, root: null, dir }]);
          }
          total.names += found.names;
          total.changed += found.changed;
        }
        return total;
      });
    },
  };
}

/** Descriptors of reference images in one block, for matching. */
export function blockOf(refimgs: Awaited<ReturnType<typeof activeRefimgs>>): References {
  const block = new Float32Array(refimgs.length * descriptorLength);
  for (const [i, { descriptor }] of refimgs.entries()) block.set(fromBytes(descriptor), i * descriptorLength);
  return { block, refs: refimgs.map(({ refimg, person }) => ({ refimg, person })) };
}
