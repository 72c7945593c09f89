import { setImmediate } from 'node:timers/promises';
import { fromBytes } from '../faces/descriptor.ts';
import { addDistances, distinctSamples, noDistances } from '../faces/distances.ts';
import type { Database } from '../sql/database.ts';
import { knownFaces, storeDistances, whatIsKnown } from '../sql/distances.ts';
import { writeLog } from '../sql/log.ts';
import { currentJob, heartbeating, nextPiece } from './running.ts';

/** Two million pairs: some seconds, and more tell nothing new. */
const mostSamples = 2000;
/** Rows of pairs between two looks at whether the job was canceled. */
const rows = 20;

export function createMeasureActivities({ sql }: { sql: Database }) {
  return {
    /** Counts pairs of faces whose persons are known by how far they are apart, for everybody and for each person. */
    async measureDistances(): Promise<{ samples: number; people: number }> {
      return await heartbeating(async () => {
        // Asked before the faces are read: what changes meanwhile makes the result outdated.
        const { known } = await whatIsKnown(sql);
        const found = await knownFaces(sql, mostSamples);
        const samples = distinctSamples(
          found.map(({ descriptor, ...face }) => ({ ...face, descriptor: fromBytes(descriptor) })),
        );
        const distances = noDistances(samples);
        for (const i of samples.keys()) {
          if (i % rows === 0) {
            await setImmediate();
            await nextPiece();
          }
          addDistances(distances, samples, i);
        }
        const of = Map.groupBy(samples, (sample) => sample.person);
        const people = of.size;
        await storeDistances(sql, {
          known,
          people,
          measured: [
            { person: null, samples: samples.length, ...distances.everybody },
            ...[...distances.persons].map(([person, counts]) => ({
              person,
              samples: of.get(person)?.length ?? 0,
              ...counts,
            })),
          ],
        });
        const text = `compared ${samples.length} faces of ${people} people`;
        await writeLog(sql, [{ job: currentJob(), level: 'info', text }]);
        return { samples: samples.length, people };
      });
    },
  };
}
