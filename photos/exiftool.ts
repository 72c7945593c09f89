import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { mkdir, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ExifTool } from 'exiftool-vendored';
import { watchWork } from './cpu-time.ts';
import { extension, fileType } from './kind.ts';

/** Reads metadata with ExifTool. It knows of no way to write. */
export interface MetadataTool {
  /**
   * All tags of a file as ExifTool prints them; `Error` among them where the file was not understood.
   * @throws when ExifTool itself fails, or takes too long
   */
  tags(path: Buffer): Promise<Record<string, unknown>>;
  setProcesses(n: number): void;
  close(): Promise<void>;
}

const idleMs = 30_000;
/** How long ExifTool may work on a file. XML of 35 kB, if only deep enough, would keep it busy for a minute. */
const workMs = 8_000;
/** How long it may take, which is longer where others have the processor. */
const timeoutMs = 30_000;
/** Two attempts and a start; the library itself keeps trying for ever where ExifTool does not start. */
const deadlineMs = 60_000;
const memoryKiB = 1024 * 1024;
/** Bytes that are said of a file; all of it has to pass through this process. */
const longestAnswer = 8 * 1024 * 1024;
/** Bytes of a text in a file of which more than that is said. */
const longestText = 50_000;
/** Not asked for at once: each text of each file would take half as long again. */
const cutFilter = `Filter=$_ = substr $_, 0, ${longestText} if length > ${longestText}`;

/** `#` asks for the number instead of words for it. The first request for a tag wins, so `-all` comes last. */
const readArgs = [
  '-G0',
  '-struct',
  '-api',
  'keepUTCTime',
  ...['Orientation', 'GPSLatitude', 'GPSLongitude', '*Duration*'].map((t) => `-${t}#`),
  '-all',
];
/** Of what is no media file hardly anything is wanted, and not that ExifTool counts its lines. */
const readArgsOfOthers = ['-fast', ...readArgs];

/**
 * ExifTool waits for ever on a closed stdin. This feeder stands between, in Perl, which is here anyway: it passes our
 * commands on, and when we are gone, however we went, it tells ExifTool to stop, and ends it should it not listen.
 */
const feeder = `
  my $tool = $$;
  pipe(my $read, my $write) or die "pipe: $!";
  defined(my $pid = fork) or die "fork: $!";
  if ($pid == 0) {
    close $_ for $read, *STDOUT, *STDERR;
    while (sysread STDIN, my $commands, 65536) { syswrite $write, $commands }
    syswrite $write, "-stay_open\\nFalse\\n";
    for (1 .. 20) { exit if getppid != $tool; sleep 1 }
    kill 9, $tool if getppid == $tool;
    exit;
  }
  close $write;
  open STDIN, '<&', $read or die "stdin: $!";
  exec $^X, @ARGV;
`;

/** @param tempDir holds the symbolic links that stand in for names which cannot be sent as a line of text */
export function createMetadataTool(options: { tempDir: string; processes: number }): MetadataTool {
  let { processes } = options;
  let starting: Promise<ExifTool> | null = null;
  let links = 0;
  /** Why a process was ended, and which process could not answer. */
  const ended = new Map<number, Limit>();
  const askedInVain = new WeakMap<object, number>();

  // Imported at the first use: the library is heavy, and a worker may wait for hours.
  const start = async (): Promise<ExifTool> => {
    await promisify(execFile)('perl', ['-e', '1']).catch((cause: unknown) => {
      starting = null;
      throw new Error('Perl, which ExifTool needs, does not run here.', { cause });
    });
    const library = await import('exiftool-vendored');
    const tool = new library.ExifTool({
      maxProcs: processes,
      maxIdleMsPerProcess: idleMs,
      healthCheckIntervalMillis: 0,
      taskTimeoutMillis: timeoutMs,
      taskRetries: 0,
      // ExifTool loads its modules anew in each process.
      maxTasksPerProcess: 5_000,
      minDelayBetweenSpawnMillis: 0,
      useMWG: false,
      readArgs,
      processFactory: async () =>
        restrained(
          spawn(
            '/bin/sh',
            [
              ...['-c', `ulimit -d ${memoryKiB} 2>/dev/null; exec perl -e "$0" "$@"`, feeder],
              ...[await library.exiftoolPath(), ...library.DefaultExiftoolArgs],
            ],
            // Neither the user's configuration of ExifTool nor the machine's zone may change what is read.
            { env: { PATH: process.env.PATH, LANG: 'C', TZ: 'UTC' }, stdio: 'pipe' },
          ),
          (pid, limit) => ended.set(pid, limit),
        ),
    });
    tool.batchCluster.on('taskError', (error, _task, { pid }) => void askedInVain.set(error, pid));
    return tool;
  };

  /** Tried once more where it is not the file's fault that there was no answer. */
  const ask = async (name: string, args: string[], retries = 1): Promise<object> => {
    try {
      return await (await (starting ??= start())).readRaw(name, { readArgs: args });
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const pid = askedInVain.get(error) ?? NaN;
      const limit = ended.get(pid);
      // The system will give its number to another.
      ended.delete(pid);
      if (limit === 'answer' && !args.includes(cutFilter))
        return await ask(name, ['-api', cutFilter, ...args], retries);
      if (limit !== undefined) throw new Error(overLimit[limit], { cause: error });
      if (retries === 0 || error.message.startsWith('timeout')) throw error;
      return await ask(name, args, retries - 1);
    }
  };

  return {
    async tags(path) {
      const args = fileType(path) === 'other' ? readArgsOfOthers : readArgs;
      const read = (name: string): Promise<object> => beforeDeadline(ask(name, args));
      if (isPlain(path)) return { ...(await read(path.toString('latin1'))) };
      await mkdir(options.tempDir, { recursive: true });
      const ending = extension(path);
      const link = join(
        options.tempDir,
        `name-${process.pid}-${++links}${/^[a-z0-9]{1,8}$/.test(ending) ? `.${ending}` : ''}`,
      );
      await symlink(path, link);
      try {
        return { ...(await read(link)) };
      } finally {
        await unlink(link);
      }
    },
    setProcesses(n) {
      processes = n;
      starting?.then(
        (tool) => tool.batchCluster.setMaxProcs(n),
        () => {}, // Whoever reads tags is told that it did not start.
      );
    },
    async close() {
      if (starting) await (await starting).end();
    },
  };
}

/** What ExifTool ends an answer with. No text can look like it: in JSON lines within texts are written otherwise. */
const ready = '{ready}\n';

type Limit = 'work' | 'answer';
const overLimit: Record<Limit, string> = {
  work: `ExifTool worked on it for more than ${workMs / 1000} s.`,
  answer: `ExifTool had more than ${longestAnswer / 1024 / 1024} MiB to say of it.`,
};

/** Ends a process that works too long on an answer, or says too much. @param end is told, beforehand */
function restrained<T extends ChildProcess>(child: T, end: (pid: number, limit: Limit) => void): T {
  const stop = (limit: Limit): void => {
    if (child.pid !== undefined) end(child.pid, limit);
    child.kill('SIGKILL');
  };
  const watched = (): (() => void) => watchWork(child.pid, { silenceMs: Infinity, workMs }, () => stop('work'));
  let unwatch = watched();
  let said = 0;
  let lastWords = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.length;
    lastWords = (lastWords + chunk.toString('latin1', Math.max(0, chunk.length - ready.length))).slice(-ready.length);
    if (lastWords === ready) {
      said = 0;
      unwatch();
      unwatch = watched();
    } else if (said > longestAnswer) stop('answer');
  });
  child.on('exit', () => unwatch()).on('error', () => unwatch());
  return child;
}

async function beforeDeadline<T>(work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`ExifTool gave no answer for ${deadlineMs / 1000} s.`)), deadlineMs);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** ExifTool is sent names line by line as text: printable ASCII arrives as it is whatever the machine's language. */
const isPlain = (path: Buffer): boolean => /^\/[\x20-\x7e]*$/.test(path.toString('latin1'));
