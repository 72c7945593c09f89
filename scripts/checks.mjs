import { join } from 'node:path';
import { root, rooms } from './sources.mjs';
import { run } from './setup/programs.mjs';
import { step } from './setup/steps.mjs';

const checks = [
  { name: 'types', program: 'tsc', args: ['--noEmit', '-p', '.'] },
  { name: 'lint', program: 'eslint', args: ['.', '--max-warnings=0'] },
  { name: 'format', program: 'prettier', args: ['--check', '--log-level=warn', '.'] },
  { name: 'rooms', program: 'depcruise', args: ['--config', '.dependency-cruiser.cjs', ...rooms()] },
  { name: 'nothing unused', program: 'knip', args: [] },
];

/**
 * Looks over the sources without running them, one line a check; what a check complains of is shown.
 * @returns {Promise<string[]>} the names of the checks that failed
 */
export const checkSources = async () => {
  const failed = [];
  for (const { name, program, args } of checks) {
    await step(`Checking: ${name}`, async () => {
      const { ok, output } = await run(process.execPath, [join(root, 'node_modules', '.bin', program), ...args]);
      if (!ok) throw new Error(output);
    }).catch((error) => {
      failed.push(name);
      console.log(error.message);
    });
  }
  return failed;
};
