import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { reach } from './download.mjs';
import { bin, machinePath, productNode, run, tail } from './programs.mjs';
import { readIfThere } from './stamp.mjs';
import { say, step } from './steps.mjs';
import { binding, buildFromWheel, isFetched, libraries, tfjsNode } from './tensorflow-wheel.mjs';
import { WayFailed, tools, tryWays } from './ways.mjs';

const manifest = join(tfjsNode, 'package.json');
const failureStamp = join(tools, 'tensorflow-failed');

/**
 * TensorFlow's own library, for the AI. The package `@tensorflow/tfjs-node` comes without it. Never fails: what can't
 * be had is done without, in WebAssembly.
 */
export const tensorflow = {
  needed: () =>
    process.env.PHOTO_ASSISTANT_TENSORFLOW !== 'wasm' &&
    existsSync(tfjsNode) &&
    !(existsSync(binding) && existsSync(libraries)) &&
    !hasFailedBefore(),

  run: async () => {
    const failures = await attempt();
    if (failures.length === 0) return;
    writeFileSync(failureStamp, `${failures.join('\n\n')}\n`);
    const reasons = failures.map((failure) => failure.split('\n')[0]).join('; ');
    say(`TensorFlow is not there natively: ${reasons}.`);
    say(`The AI will run in WebAssembly, two to three times slower. To have it tried again, delete ${failureStamp}.`);
  },
};

/** New dependencies are a new chance. */
const hasFailedBefore = () => {
  const stamp = statSync(failureStamp, { throwIfNoEntry: false });
  return stamp !== undefined && stamp.mtimeMs >= statSync(tfjsNode).mtimeMs;
};

/** @returns {Promise<string[]>} why it can't be had, or nothing */
const attempt = async () => {
  if (!canRun()) return ['it needs a processor with AVX'];
  const ways = isFetched()
    ? [buildFromWheel]
    : [officialInstaller, ...(process.platform === 'linux' ? [buildFromWheel] : [])];
  const { ok, failures } = await tryWays(ways.map(untilItLoads));
  return ok ? [] : failures;
};

/** Processors of small machines may lack what the library is compiled for; it would end the program that loads it. */
const canRun = () => {
  const processor = process.arch === 'x64' ? readIfThere('/proc/cpuinfo') : undefined;
  return processor === undefined || / avx /.test(processor);
};

/** A way that ends with the proof that the package loads, and leaves nothing behind in the package where it does not. */
const untilItLoads = (way) => async (work) => {
  const untouched = readFileSync(manifest);
  try {
    await way(work);
    await proveItLoads();
  } catch (error) {
    for (const dir of ['build', 'deps', 'lib']) rmSync(join(tfjsNode, dir), { recursive: true, force: true });
    writeFileSync(manifest, untouched);
    // Whatever it is, it is no reason to do without the rest of the product.
    throw new WayFailed(error.message);
  }
};

const officialInstaller = async () => {
  const host = 'storage.googleapis.com';
  const { ok, output } = await step(`Fetching TensorFlow from ${host}`, async (report) => {
    await reach(`https://${host}/`).catch((error) => {
      throw new WayFailed(`${host} does not answer (${error.message})`);
    });
    return run(productNode(), [join(tfjsNode, 'scripts', 'install.js')], {
      cwd: tfjsNode,
      env: { PATH: [bin, machinePath].join(delimiter) },
      onLine: report,
      // It may take to compiling, but not hang.
      timeoutMs: 15 * 60_000,
    });
  });
  if (!ok) throw new WayFailed(`the installer of @tensorflow/tfjs-node failed\n${tail(output)}`);
};

// On Node 23 and newer the package misses a function that Node had.
const proof = `
  require('node:util').isNullOrUndefined ??= (value) => value == null;
  const tf = require('@tensorflow/tfjs-node');
  const [sum] = tf.tensor([1, 2]).sum().dataSync();
  if (tf.getBackend() !== 'tensorflow' || sum !== 3) throw new Error('it computes wrongly');
`;

const proveItLoads = async () => {
  const { ok, output } = await step('Loading TensorFlow', () =>
    run(productNode(), ['--input-type=commonjs', '--eval', proof], { timeoutMs: 60_000 }),
  );
  if (ok) return;
  const reason = output.split('\n').find((line) => /error|instructions|not done/i.test(line)) ?? 'it crashes';
  throw new WayFailed(`it does not load (${reason.trim()})\n${tail(output)}`);
};
