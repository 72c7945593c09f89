import { execFile, spawn } from 'node:child_process';
import { mkdir, symlink, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ExifTool } from 'exiftool-vendored';
import { extension } from './kind.ts';

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
const timeoutMs = 20_000;
/** Two attempts and a start; the library itself keeps trying for ever where ExifTool does not start. */
const deadlineMs = 60_000;
const memoryKiB = 1024 * 1024;

/** `#` asks for the number instead of words for it. The first request for a tag wins, so `-all` comes last. */
const readArgs = [
  '-G0',
  '-fast',
  '-struct',
  '-api',
  'keepUTCTime',
  ...['Orientation', 'GPSLatitude', 'GPSLongitude', 'GPSAltitude', 'GPSPosition', '*Duration*'].map((t) => `-${t}#`),
  '-all',
];

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
      taskRetries: 1,
      useMWG: false,
      readArgs,
      processFactory: async () =>
        spawn(
          '/bin/sh',
          [
            ...['-c', `ulimit -d ${memoryKiB} 2>/dev/null; exec perl -e "$0" "$@"`, feeder],
            ...[await library.exiftoolPath(), ...library.DefaultExiftoolArgs],
          ],
          // Neither the user's configuration of ExifTool nor the machine's zone may change what is read.
          { env: { PATH: process.env.PATH, LANG: 'C', TZ: 'UTC' }, stdio: 'pipe' },
        ),
    });
    return tool;
  };

  return {
    async tags(path) {
      const tool = await (starting ??= start());
      const read = (name: string): Promise<object> => beforeDeadline(tool.readRaw(name));
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
