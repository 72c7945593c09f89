#!/usr/bin/env node
import { Command, Option } from 'commander';
import { CodedError } from '../model/errors.ts';

// Each command's code is loaded when it is called, so that help and the supervisor stay small.
const program = new Command('photo-assistant')
  .description(
    'Finds, reads, shows and sorts the pictures of a library, and says who is on them, as jobs in the background.',
  )
  .helpCommand(false);

program
  .command('start')
  .description('run everything: the page, the database, the job server and the workers')
  .option('--import <dir...>', 'directories to import pictures from', addTo, [])
  .option('--storage <dir...>', 'directories of the sorted library', addTo, [])
  .option('--demo', 'try it on sample photos, in a throw-away place')
  .action(async (options: { import: string[]; storage: string[]; demo?: boolean }) =>
    (await import('./start.ts')).start(options),
  );

program
  .command('worker')
  .description('run one worker, on this or another machine, against DATABASE_URL and TEMPORAL_ADDRESS')
  .requiredOption('--queues <names>', 'task queues to serve: engine, io, ai, with commas between')
  .option('--check', 'run none; fail where none with these queues runs on this machine')
  .action(async (options: { queues: string; check?: boolean }) => (await import('./worker.ts')).worker(options));

program
  .command('web')
  .description('run the page alone, against DATABASE_URL and TEMPORAL_ADDRESS')
  .action(async () => (await import('./web.ts')).web());

program
  .command('migrate')
  .description("bring the database to this version's tables")
  .action(async () => (await import('./migrate.ts')).migrate());

program
  .command('password')
  .description('set the password of an account, and make the account where there is none; asks for it, or reads it')
  .option('--name <name>', 'whose', 'owner')
  .addOption(new Option('--role <role>', 'what a new one may do').choices(['owner', 'viewer']).default('owner'))
  .action(async (options: { name: string; role: 'owner' | 'viewer' }) =>
    (await import('./password.ts')).password(options),
  );

program
  .command('doctor')
  .description('look at everything it needs, running or stopped, and say what to do')
  .option('--json', 'as JSON')
  .action(async (options: { json?: boolean }) => (await import('./doctor.ts')).doctor(options));

program
  .command('backup')
  .description('write all that is known to a file, while it runs')
  .argument('<file>', 'the backup; one of that name is replaced when the new one is whole')
  .option('--thumbs', 'with all thumbnails, so that nothing has to be made again')
  .action(async (file: string, options: { thumbs?: boolean }) => (await import('./backup.ts')).backup(file, options));

program
  .command('restore')
  .description('load a backup into an empty data folder, and the empty DATABASE_URL where it is set')
  .argument('<file>', 'a backup')
  .action(async (file: string) => (await import('./restore.ts')).restore(file));

program
  .command('remake-thumbs')
  .description('make thumbnails that are gone from the disk again, from the photos')
  .action(async () => (await import('./remake-thumbs.ts')).remakeThumbs());

program
  .command('status')
  .description('what the engine does, its jobs and workers')
  .option('--json', 'as JSON')
  .action(async (options: { json?: boolean }) => (await import('./status.ts')).status(options));

program
  .command('jobs')
  .description('list jobs, the newest first')
  .option('--kind <kind>', 'only of this kind, such as scanPath')
  .option('--status <status>', 'only in this state, such as failed')
  .option('--json', 'as JSON')
  .action(async (options: { kind?: string; status?: string; json?: boolean }) =>
    (await import('./jobs.ts')).jobs(options),
  );

program
  .command('scan')
  .description('look for new, changed and missing files')
  .argument('[paths...]', 'import or storage paths; all of them when none is given')
  .option('--deep', 'also look at every file of directories that seem unchanged')
  .action(async (paths: string[], options: { deep?: boolean }) => (await import('./scan.ts')).scan(paths, options));

program
  .command('import')
  .description('scan paths and read what is new')
  .argument('[paths...]', 'import or storage paths; all of them when none is given')
  .option('--deep', 'also look at every file of directories that seem unchanged')
  .action(async (paths: string[], options: { deep?: boolean }) =>
    (await import('./import.ts')).importPaths(paths, options),
  );

program
  .command('remove-missing')
  .description('forget files that are missing for longer than the grace time')
  .argument('[paths...]', 'import or storage paths; all of them when none is given')
  .action(async (paths: string[]) => (await import('./remove-missing.ts')).removeMissing(paths));

const choices = ['skip', 'leave', 'keep both'];

program
  .command('plan')
  .description('plan which file goes where in the storage path; nothing moves by it')
  .argument('[paths...]', 'import paths; all of them when none is given')
  .option('--storage <path>', 'the storage path, where there are several')
  .option('--to <directory>', 'one directory of it for all files; without it as its pattern says')
  .addOption(new Option('--on-taken <what>', 'where the name is taken').choices(choices).default('skip'))
  .addOption(
    new Option('--on-duplicate <what>', 'where the same file is there already').choices(choices).default('skip'),
  )
  .option('--remove-emptied', 'remove directories that are empty afterwards')
  .action(async (paths: string[], options: object) => (await import('./plan.ts')).plan(paths, options));

program
  .command('move')
  .description('approve a plan, and move its files')
  .requiredOption('--plan <number>', 'which plan')
  .option('--dry-run', 'only say what would go where')
  .action(async (options: { plan: string; dryRun?: boolean }) => (await import('./move.ts')).move(options));

program
  .command('undo')
  .description('take all files that a plan moved back where they were')
  .requiredOption('--plan <number>', 'which plan')
  .action(async (options: { plan: string }) => (await import('./undo.ts')).undo(options));

const faces = program.command('faces').description('faces, and whose they are').helpCommand(false);

faces
  .command('try')
  .description('look for faces and names in a picture, with settings that are not saved')
  .argument('<image>', 'a picture of any format; nothing of it is kept')
  .option('--detector <name>', 'what finds faces: combined, ssd, tiny')
  .option('--tiles <when>', 'look at parts of the picture: as needed, always, never')
  .option('--min-score <score>', 'least score of a face, 0.05 to 0.95')
  .option('--min-size <pixels>', 'least size of a face')
  .option('--threshold <distance>', 'largest distance for a name, 0.2 to 0.8')
  .option('--margin <distance>', 'least margin to the second best')
  .option('--json', 'as JSON')
  .action(async (image: string, options: object) => (await import('./faces-try.ts')).tryFaces(image, options));

faces
  .command('identify')
  .description('find out whose faces there are; no picture is opened')
  .option('--person <name>', 'only this person, by name or number')
  .option('--dir <number>', 'only in this directory')
  .option('--all', 'also faces that have a name already')
  .action(async (options: object) => (await import('./faces-identify.ts')).identify(options));

faces
  .command('references')
  .description('take the pictures of a folder on the server as reference images; nothing is written there')
  .argument('<folder>', 'with pictures of one person, or with a folder for each person, named like the person')
  .option('--person <name>', 'whose pictures these are; without it each folder in it is a person')
  .action(async (folder: string, options: { person?: string }) =>
    (await import('./faces-references.ts')).references(folder, options),
  );

/** An option that may be repeated, and may take several values each time. */
function addTo(value: string, before: string[]): string[] {
  return [...before, value];
}

try {
  await program.parseAsync();
} catch (thrown) {
  const { databaseError } = await import('../sql/database.ts');
  const error = databaseError(thrown);
  console.error(error instanceof CodedError ? `${error.code}: ${error.message}` : error);
  process.exitCode = 1;
}
