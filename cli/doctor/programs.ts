import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { version } from '../../config.ts';
import { findProgram, idlePriorityCommand } from '../../engine/priority.ts';
import { findTemporal } from '../../engine/supervisor/temporal.ts';
import { loadBackend } from '../../faces/backend.ts';
import { createMetadataTool } from '../../photos/exiftool.ts';
import { listWorkers } from '../../sql/workers.ts';
import { bad, good, warning, wordsOf, type Finding, type Patient } from './finding.ts';

const run = promisify(execFile);

/** What the product is made of, and what it needs of the machine. */
export async function checkPrograms(patient: Patient): Promise<Finding[]> {
  const found = [
    checkNode(),
    temporalProgram(patient),
    ...(await Promise.all([checkTensorflow(patient), checkFfmpeg(), checkExiftool()])),
  ];
  return [...found.flat(), await checkIdle(), ...(await checkVersions(patient))];
}

function checkNode(): Finding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const text = `Node ${process.versions.node} (${process.platform}, ${process.arch})`;
  if (major > 22 || (major === 22 && minor >= 12)) return good('node', text);
  return bad(
    'node',
    `${text} is too old`,
    'Install Node 22.12 or newer, or start it with npm start, which brings one.',
  );
}

function temporalProgram({ config }: Patient): Finding[] {
  if (config.temporalAddress !== undefined) return [];
  try {
    return [good('temporal-program', `The Temporal server is ${findTemporal()}`)];
  } catch {
    const todo = 'Run npm start, which fetches one, or set TEMPORAL_ADDRESS to a server of your own.';
    return [bad('temporal-program', 'There is no Temporal server on this machine', todo)];
  }
}

async function checkTensorflow({ config }: Patient): Promise<Finding> {
  try {
    const { name, why } = await loadBackend(config.tensorflow);
    if (name === 'tensorflow') return good('tensorflow', 'Faces are looked for with native TensorFlow');
    if (why === null)
      return good('tensorflow', 'Faces are looked for in WebAssembly, as PHOTO_ASSISTANT_TENSORFLOW says');
    const todo =
      'It works, in two to three times the time. docs/operating.md, “Native TensorFlow”, tells how to have it tried again.';
    return warning(
      'tensorflow',
      `Faces are looked for in WebAssembly, for native TensorFlow does not load (${why})`,
      todo,
    );
  } catch (error) {
    return bad('tensorflow', `TensorFlow does not load (${wordsOf(error)})`, 'Install the dependencies again: npm ci');
  }
}

async function checkFfmpeg(): Promise<Finding> {
  try {
    await import('node-av');
    return good('ffmpeg', 'FFmpeg is there, for videos and JPEG XL');
  } catch (error) {
    const todo = 'Install the dependencies again, with the optional ones: npm ci --include=optional';
    return warning('ffmpeg', `FFmpeg does not load: videos have no posters (${wordsOf(error)})`, todo);
  }
}

async function checkExiftool(): Promise<Finding> {
  const tempDir = mkdtempSync(path.join(os.tmpdir(), 'photo-assistant-doctor-'));
  const tool = createMetadataTool({ tempDir, processes: 1 });
  try {
    const { 'ExifTool:ExifToolVersion': tells } = await tool.tags(Buffer.from(import.meta.filename));
    return good(
      'exiftool',
      `ExifTool ${typeof tells === 'number' || typeof tells === 'string' ? tells : ''} reads metadata`,
    );
  } catch (error) {
    const todo = 'Install perl with your system’s packages, for example apt-get install perl.';
    return bad('exiftool', `ExifTool does not run: no metadata can be read (${wordsOf(error)})`, todo);
  } finally {
    await tool.close();
    rmSync(tempDir, { recursive: true, force: true });
  }
}

async function checkIdle(): Promise<Finding> {
  const todo = 'Install ionice and nice (package util-linux), so that nobody has to wait for the workers.';
  const [program = '', ...args] = idlePriorityCommand(['true']);
  if (program === 'true' || !findProgram(program)) {
    return warning(
      'idle-priority',
      'There is no ionice here: workers run at low priority for the processor only',
      todo,
    );
  }
  try {
    await run(program, args);
    return good('idle-priority', `Workers run at idle priority (${[program, ...args.slice(0, -1)].join(' ')})`);
  } catch (error) {
    return warning(
      'idle-priority',
      `Workers can’t be run at idle priority (${wordsOf(error)})`,
      'Containers may forbid it; allow SYS_NICE.',
    );
  }
}

/** All parts must be of one version: they share tables and jobs. */
async function checkVersions({ sql }: Patient): Promise<Finding[]> {
  const own = good('version', `Photo Assistant ${version}`);
  if (!sql) return [own];
  const others = (await listWorkers(sql)).filter((worker) => worker.alive && worker.version !== version);
  const todo = 'Run the same version on all machines, and restart its workers.';
  return [
    own,
    ...others.map((each) => bad('version', `Worker ${each.name} on ${each.host} is of version ${each.version}`, todo)),
  ];
}
