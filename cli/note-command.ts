import os from 'node:os';
import { writeAudit } from '../sql/audit.ts';
import type { Queries } from '../sql/database.ts';

/** Remembers who called this command, before it does anything: also one that stops half way is known. */
export async function noteCommand(sql: Queries): Promise<void> {
  const what = ['photo-assistant', ...process.argv.slice(2)].join(' ').slice(0, 500).toWellFormed();
  await writeAudit(sql, { who: `${os.userInfo().username} in a shell`, address: null, what, details: {} });
}
