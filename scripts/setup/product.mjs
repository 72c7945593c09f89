import { buildStamp, sourcesFingerprint } from '../sources.mjs';
import { productNode, run } from './programs.mjs';
import { readIfThere } from './stamp.mjs';
import { SetupError } from './steps.mjs';

/** What is in dist/: built anew where a source is not as it was when that was built. */
export const product = {
  needed: () => readIfThere(buildStamp) !== sourcesFingerprint(),

  run: async () => {
    const { ok } = await run(productNode(), ['scripts/build.mjs'], { show: true });
    if (!ok) {
      throw new SetupError(
        'the build failed; the reason is above.',
        'If you have changed the sources, mend what it complains of. If not, `rm -rf dist node_modules` and try again.',
      );
    }
  },
};
