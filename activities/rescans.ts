import { faceNetworks, searchSettings } from '../model/face-scans.ts';
import type { JobMemo } from '../model/job-kinds.ts';
import type { StoredSettings } from '../model/settings.ts';
import type { Database } from '../sql/database.ts';
import type { Rescan } from '../sql/face-search.ts';
import { countRescan, lastScan } from '../sql/rescans.ts';
import { readStoredSettings } from '../sql/settings.ts';

/** A rescan as workflows tell of it; which pictures are outdated is told by the settings of the moment. */
export interface RescanOrder {
  before: number;
  outdated: boolean;
}

export const toRescan = ({ before, outdated }: RescanOrder, settings: StoredSettings): Rescan =>
  outdated ? { before, unlike: { settings: searchSettings(settings), networks: faceNetworks } } : { before };

export function createRescanActivities({ sql }: { sql: Database }) {
  return {
    /** Where a rescan of a path or a dir begins, or began, and how many pictures it looks at in all. */
    async beginRescan(order: {
      outdated: boolean;
      root?: number;
      dir?: number;
      before?: number;
    }): Promise<NonNullable<JobMemo['rescan']>> {
      const { outdated, before = await lastScan(sql), ...where } = order;
      const rescan = toRescan({ outdated, before }, await readStoredSettings(sql));
      return { outdated, before, total: await countRescan(sql, where, rescan) };
    },
  };
}
