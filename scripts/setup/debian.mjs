import { existsSync } from 'node:fs';
import { run, which } from './programs.mjs';

/** True where packages can be installed without asking anybody: Debian or a child of it, as root. */
export const canInstallPackages = () =>
  process.getuid?.() === 0 && existsSync('/etc/debian_version') && which('apt-get') !== undefined;

// Without a network apt waits for minutes, which is no use to anybody.
const patience = ['Retries=1', 'http::Timeout=15', 'https::Timeout=15'].flatMap((each) => ['-o', `Acquire::${each}`]);

/**
 * Installs Debian packages. A fresh container has no package lists, so a first failure fetches them.
 * @param {string[]} names
 * @param {(line: string) => void} onLine
 */
export const installPackages = async (names, onLine) => {
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  const install = () =>
    run('apt-get', [...patience, 'install', '-y', '--no-install-recommends', ...names], { env, onLine });
  const first = await install();
  if (first.ok) return first;
  const update = await run('apt-get', [...patience, 'update'], { env, onLine });
  return update.ok ? install() : { ok: false, output: `${first.output}\n${update.output}` };
};
