import type { Queries } from './database.ts';

/**
 * The condition that a row of `file` lies below a path that was not taken out of the settings. Told by its dir's number,
 * which indexes hold, so that a question about all files needs no row of them; it costs nothing where no path was.
 */
export const underRoots = (sql: Queries) => sql`
  (NOT EXISTS (SELECT FROM root WHERE removed_at IS NOT NULL)
   OR file.dir_id NOT IN (SELECT dir.id FROM dir JOIN root ON root.id = dir.root_id WHERE root.removed_at IS NOT NULL))`;
