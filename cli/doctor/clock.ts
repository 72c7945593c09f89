import koffi from 'koffi';
import { databaseTime, type Database } from '../../sql/database.ts';
import { bad, good, warning, type Finding } from './finding.ts';

const todo = 'Set it by the network: NTP, chrony or systemd-timesyncd.';

/** Whether the clock of this machine is that of a database elsewhere. */
export async function checkClockOf(sql: Database): Promise<Finding> {
  const before = Date.now();
  const there = (await databaseTime(sql)).getTime();
  const after = Date.now();
  // The answer was under way for some time, which is not the clock's fault.
  const apart = there < before ? before - there : Math.max(0, there - after);
  const text = `The clocks of this machine and of the database are ${(apart / 1000).toFixed(1)} s apart`;
  if (apart < 2_000) return good('clock', text);
  return apart < 30_000 ? warning('clock', text, todo) : bad('clock', text, todo);
}

/** As Linux says when nobody has set its clock for long: it may be wrong by any amount. Microseconds. */
const anyError = 16_000_000;

/** Whether something keeps the clock of this machine in time. `error`: by how much it may be wrong; microseconds. */
export function checkClockIsKept(error = clockError()): Finding {
  if (error === null)
    return good('clock', 'The system does not tell whether the clock of this machine is kept in time');
  if (error < anyError) return good('clock', 'The clock of this machine is kept in time');
  return warning('clock', 'Nothing keeps the clock of this machine in time', todo);
}

/** What Linux knows, whoever sets the clock, in containers too; null where it does not say. */
function clockError(): number | null {
  if (process.platform !== 'linux') return null;
  // All zero: it is asked, and set nothing. Longer than the kernel's record on any processor of 64 bits.
  const timex = Buffer.alloc(256);
  const state: unknown = koffi.load(null).func('int adjtimex(void *record)')(timex);
  return state === -1 ? null : Number(timex.readBigInt64LE(24));
}
