import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** In memory, on every Linux. */
const shared = '/dev/shm';

/** A directory that is on another file system than temporary ones are, removed after the test; null where there is none. */
export function dirOnOtherDisk(t: { after(fn: () => void): void }): string | null {
  if (!existsSync(shared) || statSync(shared).dev === statSync(os.tmpdir()).dev) return null;
  const dir = mkdtempSync(path.join(shared, 'photo-assistant-test-'));
  t.after(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));
  return dir;
}
