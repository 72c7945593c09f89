/** Sends a signal to a child and everything it started. False when nothing of it is left. */
export const signalGroup = (pid: number, signal: NodeJS.Signals | 0): boolean => send(-pid, signal);

/** Sends a signal to one process. False when it is gone. */
export const signalProcess = (pid: number, signal: NodeJS.Signals | 0): boolean => send(pid, signal);

function send(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    // It ended before the signal came, which is what the signal was for. (Some systems say EPERM of a dead group.)
    return false;
  }
}
