import { coverage } from '../sql/files.ts';
import { listWorkers } from '../sql/workers.ts';
import { askJobs } from './with-jobs.ts';

/** `photo-assistant status`: what the engine does, and how much of the library has been read. */
export async function status({ json }: { json?: boolean }): Promise<void> {
  await askJobs(async (jobs, sql) => {
    const [engine, files, workers] = await Promise.all([jobs.engineStatus(), coverage(sql), listWorkers(sql)]);
    if (json) {
      console.log(JSON.stringify({ ...engine, workers, coverage: files }, null, 2));
      return;
    }
    console.log(`engine   ${engine.state}, since ${engine.since}`);
    console.log(
      `jobs     ${engine.jobs.running} running, ${engine.jobs.paused} paused, ${engine.jobs.completed} completed, ${engine.jobs.failed} failed`,
    );
    console.log(
      `library  ${files.read} of ${files.files} files read, ${files.failed} with an error, in ${files.dirs} directories`,
    );
    for (const { name, host, pid, ioClass, niceness, alive } of workers) {
      console.log(
        `worker   ${name} on ${host} (${pid}): ${alive ? 'alive' : 'gone'}, I/O ${ioClass}, nice ${niceness}`,
      );
    }
  });
}
