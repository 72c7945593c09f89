/**
 * Makes a fresh clone ready to run: `node scripts/setup.mjs start|test|image`. npm calls it before `npm start` and
 * `npm test`, the Dockerfile for what of it belongs into an image. It needs nothing but Node 18 and what Node brings, and
 * is done at once where there is nothing to do.
 */
import { browser, disks, perl } from './setup/machine.mjs';
import { dependencies } from './setup/dependencies.mjs';
import { node } from './setup/node.mjs';
import { product } from './setup/product.mjs';
import { stop } from './setup/steps.mjs';
import { temporal } from './setup/temporal.mjs';
import { tensorflow } from './setup/tensorflow.mjs';
import { withLock } from './setup/lock.mjs';

const purpose = process.argv[2];
const serverIsElsewhere = purpose === 'start' && Boolean(process.env.TEMPORAL_ADDRESS);

const steps =
  purpose === 'image'
    ? [dependencies, tensorflow]
    : [
        dependencies,
        node,
        product,
        ...(serverIsElsewhere ? [] : [temporal]),
        perl,
        tensorflow,
        ...(purpose === 'test' ? [browser, disks] : []),
      ];

const setUp = async () => {
  if (!steps.some((each) => each.needed())) return;
  await withLock(async () => {
    for (const each of steps) if (each.needed()) await each.run();
  });
};

await setUp().catch(stop('Photo Assistant could not be set up'));
