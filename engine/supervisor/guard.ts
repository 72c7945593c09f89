import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Reads "+ pid:SIGNAL:…:KILL" and "- pid:…" lines. Its input ends only when the supervisor has: then each process group
 * that is still listed gets its first signal, after a while its next one, and KILL at last. Signals meant for the
 * supervisor are not for it.
 */
const script = `
trap '' HUP INT TERM
children=
while read -r what child; do
  others=
  for one in $children; do [ "$one" = "$child" ] || others="$others $one"; done
  children=$others
  if [ "$what" = + ]; then children="$children $child"; fi
done
for seconds in 6 4 2; do
  left=
  for one in $children; do
    pid=\${one%%:*} signals=\${one#*:}
    kill -\${signals%%:*} -$pid 2>/dev/null && left="$left $pid:\${signals#*:}"
  done
  children=$left
  while [ -n "$left" ] && [ $seconds -gt 0 ]; do
    sleep 1
    seconds=$((seconds - 1))
    left=
    for one in $children; do kill -0 -\${one%%:*} 2>/dev/null && left="$left $one"; done
    children=$left
  done
done
`;

export interface Guard {
  /** From now on this child (the leader of a process group) goes when the supervisor goes: by these signals, KILL at last. */
  watch(pid: number, signals: readonly NodeJS.Signals[]): void;
  forget(pid: number): void;
  /** The watchdog's own pid; null while it is being started again. */
  readonly pid: number | null;
  close(): Promise<void>;
}

/**
 * No orphans: a shell of its own session that outlives the supervisor by some seconds, however that ends, and takes its
 * children along. When the shell itself is killed it is started again and told of all children.
 */
export function createGuard(): Guard {
  const watched = new Map<number, string>();
  let shell: ChildProcess | null = null;
  let closed = false;

  const start = () => {
    const started = spawn('sh', ['-c', script, 'guard'], {
      detached: true,
      stdio: ['pipe', 'ignore', 'ignore'],
      cwd: '/',
    });
    shell = started;
    started.unref();
    // A broken pipe means that the shell is gone; its exit is what is acted on.
    started.stdin.on('error', () => undefined);
    const again = () => {
      if (shell === started) shell = null;
      if (!closed) void sleep(250, undefined, { ref: false }).then(() => closed || shell !== null || start());
    };
    started.once('error', again);
    started.once('exit', again);
    for (const entry of watched.values()) tell(`+ ${entry}`);
  };
  const tell = (line: string) => shell?.stdin?.write(`${line}\n`);

  start();
  return {
    watch(pid, signals) {
      const entry = [pid, ...signals.map((signal) => signal.slice(3)), 'KILL'].join(':');
      watched.set(pid, entry);
      tell(`+ ${entry}`);
    },
    forget(pid) {
      const entry = watched.get(pid);
      if (entry === undefined) return;
      watched.delete(pid);
      tell(`- ${entry}`);
    },
    get pid() {
      return shell?.pid ?? null;
    },
    async close() {
      closed = true;
      const last = shell;
      if (last === null) return;
      last.stdin?.end();
      if (last.exitCode === null && last.signalCode === null) await once(last, 'exit');
    },
  };
}
