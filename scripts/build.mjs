/**
 * Builds dist/: the compiled rooms, with migrations beside them, and the bundle of workflows that the Temporal worker
 * runs. Only what changed is done again.
 */
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import {
  buildStamp,
  filesBelow,
  isBuilt,
  isTypeScript,
  root,
  sourceFiles,
  sourcesFingerprint,
  sourcesMark,
} from './sources.mjs';
import { run } from './setup/programs.mjs';
import { readIfThere } from './setup/stamp.mjs';
import { SetupError, step, stop } from './setup/steps.mjs';

const compilerState = 'dist/.tsbuildinfo';
const bundle = 'dist/workflow-bundle.js';
/** The same, with what tells of traces: only a worker that sends traces loads it. */
const tracedBundle = 'dist/workflow-bundle-traced.js';
const bundleStamp = 'dist/.bundled-from';
/** Tells the running program of which sources it is. */
const buildMark = 'dist/.build-mark';
const workflows = 'dist/workflows/index.js';

const at = (path) => join(root, path);

/** Files that are copied to where the compiled code looks for them, such as migrations: source and place in dist/. */
const copies = () =>
  sourceFiles()
    .filter((path) => isBuilt(path) && !isTypeScript(path))
    .map((path) => [path, `dist/${path}`]);

const compiled = () =>
  sourceFiles()
    .filter((path) => isTypeScript(path) && !path.endsWith('.d.ts'))
    .map((path) => `dist/${path.replace(/\.tsx?$/, '.js')}`)
    .flatMap((path) => [path, `${path}.map`]);

const compile = async () => {
  const { ok, output } = await run(process.execPath, [at('node_modules/typescript/bin/tsc'), '-p', '.']);
  if (!ok) throw new SetupError(`the sources do not compile:\n\n${output}`);
};

const copyFiles = () => {
  for (const [source, target] of copies()) {
    mkdirSync(dirname(at(target)), { recursive: true });
    copyFileSync(at(source), at(target));
  }
};

/** Deletes what an earlier build left of sources that are gone, lest it be loaded or applied. */
const removeStale = () => {
  const known = new Set([...compiled(), ...copies().map(([, target]) => target)]);
  for (const path of [compilerState, bundle, tracedBundle, bundleStamp, buildMark]) known.add(path);
  for (const path of filesBelow(at('dist'))) if (!known.has(path)) rmSync(at(path));
  removeEmptyDirs(at('dist'));
};

const removeEmptyDirs = (dir) => {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (entry.isDirectory()) removeEmptyDirs(join(dir, entry.name));
  }
  if (readdirSync(dir).length === 0) rmdirSync(dir);
};

/** Changes when a file that the bundle may hold does. */
const bundleFingerprint = () => {
  const inputs = ['dist/workflows', 'dist/model']
    .flatMap((dir) => filesBelow(at(dir)))
    .filter((p) => p.endsWith('.js'));
  const hash = createHash('sha256');
  for (const path of ['package-lock.json', ...inputs.sort()]) hash.update(`${path}\0`).update(readFileSync(at(path)));
  return hash.digest('hex');
};

const bundleWorkflows = async () => {
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const options = { workflowsPath: at(workflows), logger: new DefaultLogger('WARN') };
  writeFileSync(at(bundle), (await bundleWorkflowCode(options)).code);
  const { resolve } = createRequire(import.meta.url);
  const tracing = resolve('@temporalio/interceptors-opentelemetry/lib/workflow-interceptors.js');
  const traced = await bundleWorkflowCode({ ...options, workflowInterceptorModules: [tracing] });
  writeFileSync(at(tracedBundle), traced.code);
};

const build = async () => {
  const fingerprint = sourcesFingerprint();
  rmSync(buildStamp, { force: true });
  await step('Compiling', compile);
  writeFileSync(at(buildMark), sourcesMark());
  copyFiles();
  removeStale();
  if (!existsSync(at(workflows))) throw new SetupError('there is no workflows/index.ts, where the workflows are.');
  const bundledFrom = bundleFingerprint();
  if (!existsSync(at(bundle)) || !existsSync(at(tracedBundle)) || readIfThere(at(bundleStamp)) !== bundledFrom) {
    await step('Bundling the workflows', bundleWorkflows);
    writeFileSync(at(bundleStamp), bundledFrom);
  }
  writeFileSync(buildStamp, fingerprint);
};

await build().catch(stop('The build failed'));
