import { setTimeout as sleep } from 'node:timers/promises';
import Type, { type Static } from 'typebox';
import Value from 'typebox/value';
import { CodedError } from '../../model/errors.ts';
import { readJson, writeAtomically } from '../house-file.ts';
import { processStart } from './process-identity.ts';
import { signalGroup } from './signals.ts';

const Children = Type.Array(Type.Object({ name: Type.String(), pid: Type.Integer(), start: Type.String() }));
type Children = Static<typeof Children>;

/** The running children on disk, for the next supervisor in case that this one is killed. */
export interface ChildRecord {
  add(name: string, pid: number): void;
  remove(pid: number): void;
}

export function createChildRecord(file: string): ChildRecord {
  let children: Children = [];
  return {
    add(name, pid) {
      const start = processStart(pid);
      if (start === null) return;
      children = [...children, { name, pid, start }];
      writeAtomically(file, children);
    },
    remove(pid) {
      children = children.filter((child) => child.pid !== pid);
      writeAtomically(file, children);
    },
  };
}

/**
 * Waits until the children of an earlier supervisor that was killed have ended: two Postgres on one cluster would
 * destroy it. For some seconds that is the watchdog's work; when it was killed too, they are ended from here. A pid
 * counts only with its start time, so no other program that got the pid since is ever touched.
 * Throws house.start-failed when one does not end within 30 s.
 */
export async function endLeftovers(file: string, say: (line: string) => void): Promise<void> {
  const recorded = readJson(file, (value) => (Value.Check(Children, value) ? value : null)) ?? [];
  const left = () => recorded.filter((child) => processStart(child.pid) === child.start);
  if (left().length === 0) return;
  say(`An earlier run was killed. Waiting until its programs have ended (${names(left())}) …`);
  const stages: [seconds: number, signals: readonly NodeJS.Signals[]][] = [
    [14, []],
    [8, ['SIGTERM', 'SIGINT']],
    [4, ['SIGQUIT']],
    [4, ['SIGKILL']],
  ];
  for (const [seconds, signals] of stages) {
    for (const child of left()) for (const signal of signals) signalGroup(child.pid, signal);
    for (let waited = 0; waited < seconds * 1000; waited += 200) {
      if (left().length === 0) return;
      await sleep(200);
    }
  }
  throw new CodedError(
    'house.start-failed',
    `Programs of an earlier run do not end: ${names(left())}. End them by hand, or restart the machine.`,
  );
}

const names = (children: Children) => children.map(({ name, pid }) => `${name}, process ${pid}`).join('; ');
