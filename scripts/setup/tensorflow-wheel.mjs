import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { root } from '../sources.mjs';
import { canInstallPackages, installPackages } from './debian.mjs';
import { fetchWheel } from './pip.mjs';
import { run, tail, which } from './programs.mjs';
import { step } from './steps.mjs';
import { WayFailed, tools } from './ways.mjs';

export const tfjsNode = join(root, 'node_modules', '@tensorflow', 'tfjs-node');
/** What its installer would put into the package: the part that Node loads, and the libraries that this one loads. */
export const binding = join(tfjsNode, 'lib', 'napi-v8', 'tfjs_binding.node');
export const libraries = join(tfjsNode, 'deps', 'lib');

const version = '2.15.1';
const wheels = {
  x64: {
    name: 'tensorflow-cpu',
    machine: 'x86_64',
    sha256: '54660c074d7241a503e81edfd9f5ef5af88f64051b72e2945f26318c790f2d26',
  },
  arm64: {
    name: 'tensorflow-cpu-aws',
    machine: 'aarch64',
    sha256: 'd4c3a3a9363bf42999adedbbd514e3a133be2d62f61fee9cfa46aaefb087c09e',
  },
};

// Outlives npm ci: after it, only the binding is compiled again.
const place = join(tools, `tensorflow-${version}-${process.arch}`);

/** True where a wheel's libraries and headers are kept from an earlier set-up. */
export const isFetched = () => existsSync(place);

/** Compiles the binding against the libraries and headers in TensorFlow's Python package, with no node-gyp. */
export const buildFromWheel = async (work) => {
  try {
    const compiler = which('g++') ?? (await installCompiler());
    if (!isFetched()) await fetchLibraries(work);
    await compile(compiler);
  } catch (error) {
    // It is large, and may be the reason.
    rmSync(place, { recursive: true, force: true });
    throw error;
  }
};

const installCompiler = async () => {
  if (!canInstallPackages()) throw new WayFailed('there is no g++ to compile its binding with');
  const { ok, output } = await step('Installing g++, to compile TensorFlow’s binding with', (report) =>
    installPackages(['g++'], report),
  );
  if (!ok) throw new WayFailed(`there is no g++, and apt-get could not install it\n${tail(output)}`);
  return which('g++');
};

const members = [
  'libtensorflow_cc.so.2',
  'libtensorflow_framework.so.2',
  'include/tensorflow/c/',
  'include/tensorflow/core/platform/',
  'include/tsl/',
].map((path) => `tensorflow/${path}`);

const unpackMembers = `
import sys, zipfile
wheel, target, *members = sys.argv[1:]
with zipfile.ZipFile(wheel) as archive:
    archive.extractall(target, [name for name in archive.namelist() if name.startswith(tuple(members))])
`;

const fetchLibraries = async (work) => {
  const { name, machine, sha256 } = wheels[process.arch] ?? {};
  if (!name) throw new WayFailed(`there is no TensorFlow for ${process.arch}`);
  const wheel = await fetchWheel(
    {
      name,
      version,
      title: `Fetching the Python package ${name} ${version} for its libraries (210 MB)`,
      platform: ['--python-version=3.11', `--platform=manylinux2014_${machine}`],
    },
    work,
  );
  await step('Unpacking TensorFlow’s libraries', async () => {
    const fetched = createHash('sha256').update(readFileSync(wheel)).digest('hex');
    if (fetched !== sha256) {
      throw new WayFailed(`the package ${name} is not the expected one: its SHA-256 is ${fetched}, not ${sha256}`);
    }
    const { ok, output } = await run('python3', ['-c', unpackMembers, wheel, work, ...members]);
    if (!ok) throw new WayFailed(`the package ${name} could not be unpacked\n${tail(output)}`);
  });
  const draft = join(work, 'tensorflow');
  // A quarter of the large one is names for debuggers.
  await run('strip', ['--strip-unneeded', join(draft, 'libtensorflow_cc.so.2')]);
  symlinkSync('libtensorflow_cc.so.2', join(draft, 'libtensorflow.so'));
  symlinkSync('libtensorflow_framework.so.2', join(draft, 'libtensorflow_framework.so'));
  renameSync(draft, place);
};

const compile = async (compiler) => {
  const deps = dirname(libraries);
  rmSync(deps, { recursive: true, force: true });
  mkdirSync(deps);
  symlinkSync(relative(deps, place), libraries);
  mkdirSync(dirname(binding), { recursive: true });
  const draft = `${binding}.new`;
  const include = [join(root, 'node_modules', 'node-api-headers', 'include'), join(place, 'include')];
  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => join(tfjsNode, 'binding', name));
  const { ok, output } = await step('Compiling TensorFlow’s binding', () =>
    run(
      compiler,
      [
        ...['-shared', '-fPIC', '-std=c++17', '-O2', '-DNAPI_VERSION=8', '-DBUILDING_NODE_EXTENSION'],
        ...include.flatMap((dir) => ['-I', dir]),
        ...sources,
        ...['-o', draft, '-L', place, '-Wl,-rpath,$ORIGIN/../../deps/lib', '-ltensorflow', '-ltensorflow_framework'],
      ],
      { timeoutMs: 10 * 60_000 },
    ),
  );
  if (!ok) throw new WayFailed(`its binding could not be compiled\n${tail(output)}`);
  renameSync(draft, binding);
};
