import { join, sep } from 'node:path';
import { root } from '../sources.mjs';
import { npmFailed } from './dependencies.mjs';
import { broughtNode, run, tail, which } from './programs.mjs';
import { readIfThere } from './stamp.mjs';
import { SetupError, step } from './steps.mjs';

const wanted = '24.21.0';
const isNewEnough = (version) => {
  const [major = 0, minor = 0] = version.replace('v', '').split('.').map(Number);
  return major > 22 || (major === 22 && minor >= 12);
};

const isBrought = () => {
  const manifest = readIfThere(join(root, 'node_modules', 'node', 'package.json'));
  return broughtNode() !== undefined && manifest !== undefined && JSON.parse(manifest).version === wanted;
};

// A Node that lives in node_modules is not the machine's own: it goes when the dependencies are installed anew.
const runsOnMachineNode = !process.execPath.startsWith(join(root, 'node_modules') + sep);

/** A Node that is new enough: npm runs its scripts with what is in node_modules/.bin, so npm's `node` package will do. */
export const node = {
  needed: () => !isBrought() && !(runsOnMachineNode && isNewEnough(process.version)),

  run: async () => {
    const own = which('node') ? await run('node', ['--version']) : { ok: false, output: 'none' };
    if (own.ok && isNewEnough(own.output)) return;
    const because = own.ok ? `this machine’s own is ${own.output.trim()}` : 'this machine has none of its own';
    const { ok, output } = await step(`Fetching Node ${wanted} (${because})`, () =>
      run('npm', ['install', '--no-save', '--include=dev', '--include=optional', `node@${wanted}`]),
    );
    if (!ok) throw npmFailed(`Node 22.12 or newer is needed, and npm could not fetch it`, output);
    const brought = broughtNode();
    const answer = brought && (await run(brought, ['--version'], { timeoutMs: 20_000 }));
    if (answer?.ok && answer.output.trim() === `v${wanted}`) return;
    throw new SetupError(
      `Node 22.12 or newer is needed, and the one in npm’s package \`node\` does not run here` +
        (answer ? `:\n\n${tail(answer.output)}` : ', for there is no program in it.'),
      'Install Node 24 from https://nodejs.org or your system’s packages and try again.\n' +
        '(Where npm’s setting ignore-scripts is on, the package can’t fetch its program.)',
    );
  },
};
