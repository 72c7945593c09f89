import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Config, pageAddress, readConfig } from '../config.ts';
import { createHouse, type House } from '../engine/supervisor/house.ts';
import { fromHere } from './from-here.ts';

interface StartOptions {
  import: string[];
  storage: string[];
  demo?: boolean;
}

/** `photo-assistant start`: runs the house until SIGINT or SIGTERM. */
export async function start(options: StartOptions): Promise<void> {
  if (!options.demo) return await run(readConfig(), options);
  const { createDemo } = await import('./demo.ts');
  const demo = createDemo();
  try {
    await run(readConfig(demo.env), { ...options, import: [...options.import, demo.importPath] });
  } finally {
    rmSync(demo.throwAway, { recursive: true, force: true });
  }
}

async function run(config: Config, options: StartOptions): Promise<void> {
  const paths = { importPaths: options.import.map(absolute), storagePaths: options.storage.map(absolute) };
  // A console that goes away (a closed pipe) is no reason to stop.
  process.stdout.on('error', () => undefined);
  console.log(`Photo Assistant, with its data in ${config.dataDir}`);
  for (const missing of [...paths.importPaths, ...paths.storagePaths].filter((dir) => !existsSync(dir))) {
    console.log(`  Note: ${missing} does not exist now. Its job will fail and say so.`);
  }
  const lost = Promise.withResolvers<never>();
  const house = createHouse(config, {
    main: fileURLToPath(new URL('main.js', import.meta.url)),
    prepareDatabase: (databaseUrl) => prepareDatabase(databaseUrl, config, paths),
    say: (line) => console.log(`  ${line}`),
    lost: lost.reject,
  });
  const started = house.start().then((isUp) => {
    if (isUp) console.log(`Photo Assistant is ready: ${pageAddress(config)}`);
  });
  await Promise.all([started, Promise.race([stoppedBySignal(house), lost.promise])]);
  console.log('Stopped.');
}

/** Resolves when a signal has stopped the house in order. A second one ends everything at once. */
function stoppedBySignal(house: House): Promise<void> {
  return new Promise((resolve, reject) => {
    let first: number | null = null;
    const onSignal = () => {
      if (first === null) {
        first = Date.now();
        console.log('Stopping. The workers finish what they have in hand; once more ends everything at once.');
        house.stop().then(resolve, reject);
      } else if (Date.now() - first > 1000) {
        // Sooner, it is the same Ctrl+C again: it comes from the terminal and from npm, which passes it on.
        house.kill();
        process.exit(130);
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  });
}

async function prepareDatabase(
  databaseUrl: string,
  config: Config,
  paths: { importPaths: string[]; storagePaths: string[] },
): Promise<void> {
  const [{ migrate }, { openDatabase }, { addRoots }, { prepareAccess }, { noteCommand }] = await Promise.all([
    import('../sql/migrate.ts'),
    import('../sql/database.ts'),
    import('../sql/roots.ts'),
    import('./access.ts'),
    import('./note-command.ts'),
  ]);
  await migrate(databaseUrl);
  const sql = openDatabase(databaseUrl, { max: 1 });
  try {
    if (paths.importPaths.length + paths.storagePaths.length > 0) await noteCommand(sql);
    await addRoots(sql, paths);
    await prepareAccess(sql, config);
  } finally {
    await sql.end();
  }
}

/** From where the user stands (npm changes the working directory). A Windows drive is kept as it is written. */
const absolute = (dir: string) => (/^[A-Za-z]:($|[\\/])/.test(dir) ? dir : fromHere(dir));
