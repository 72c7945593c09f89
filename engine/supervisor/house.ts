import { mkdirSync, rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { pageAddress, type Config } from '../../config.ts';
import { CodedError, reportOf } from '../../model/errors.ts';
import { assertNotRestoring } from '../backup/restoring.ts';
import { writeHouse } from '../house-file.ts';
import { childrenFile } from './for-a-while.ts';
import { createGuard } from './guard.ts';
import { createChildRecord, endLeftovers } from './leftovers.ts';
import { acquireLock } from './lock.ts';
import { webPlan, workerPlan } from './node-parts.ts';
import { createPart, type Part, type PartPlan } from './part.ts';
import { assertPageAddressFree, freePort } from './ports.ts';
import { type EmbeddedPostgres, embeddedPostgres } from './postgres.ts';
import { upgradePostgres } from './postgres-upgrade.ts';
import { tellParts } from './tell-parts.ts';
import { embeddedTemporal } from './temporal.ts';

export interface HouseOptions {
  /** The script of the command line, which knows the commands `web` and `worker`. */
  readonly main: string;
  /** Brings a database that answers to this version's tables, and whatever else is to be done before the workers start. */
  readonly prepareDatabase: (databaseUrl: string) => Promise<void>;
  /** A line for the console. */
  readonly say: (line: string) => void;
  /** Told house.folder-gone when the data folder was taken away under it, after it was stopped for that. */
  readonly lost: (error: unknown) => void;
}

export interface House {
  /**
   * Starts all parts. Resolves with true when they are up, with false when it was stopped before. Throws
   * house.already-running, house.port-in-use, house.tool-missing, house.start-failed, config.invalid, backup.unfinished or
   * database.*; then nothing is left running.
   */
  start(): Promise<boolean>;
  /** Stops what runs, in order. May be called at any time, more than once. */
  stop(): Promise<void>;
  /** Ends everything at once. */
  kill(): void;
}

/** All of Photo Assistant as one thing to start and stop. */
export function createHouse(config: Config, { main, prepareDatabase, say, lost }: HouseOptions): House {
  const parts: Part[] = [];
  const cleanups: (() => void | Promise<void>)[] = [];
  const tell = tellParts(say);
  let starting: Promise<boolean> = Promise.resolve(false);
  let stopped: Promise<void> | null = null;
  const isStopping = () => stopped !== null;

  async function start(): Promise<boolean> {
    starting = startParts();
    try {
      return await starting;
    } catch (error) {
      await stop();
      throw error;
    }
  }

  async function startParts(): Promise<boolean> {
    mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
    const page = pageAddress(config);
    const lock = acquireLock(config.dataDir, page);
    cleanups.push(() => lock.release());
    const gone = new CodedError('house.folder-gone', `The data folder ${config.dataDir} was deleted or replaced.`);
    void lock.lost
      .then(async () => {
        say(`${gone.message} Stopping, for nothing would be kept.`);
        await stop();
      })
      .then(() => lost(gone), lost);
    const children = childrenFile(config.dataDir);
    await endLeftovers(children, say);
    assertNotRestoring(config.dataDir);
    await assertPageAddressFree(config.host, config.port);
    // Nobody uses what an earlier run left in temp.
    rmSync(config.tempDir, { recursive: true, force: true });
    for (const dir of [config.thumbsDir, config.logsDir, config.tempDir]) mkdirSync(dir, { recursive: true });

    const postgres = config.databaseUrl === undefined ? await preparePostgres() : null;
    const temporal =
      config.temporalAddress === undefined ? await embeddedTemporal(config.dataDir, config.temporalNamespace) : null;
    const servers = {
      databaseUrl: config.databaseUrl ?? postgres?.databaseUrl ?? '',
      temporalAddress: config.temporalAddress ?? temporal?.address ?? '',
    };
    if (isStopping()) return false;

    const guard = createGuard();
    cleanups.push(() => guard.close());
    const record = createChildRecord(children);
    // A house.json that is left over tells of a house that was killed.
    cleanups.push(() => {
      if (lock.isHeld()) rmSync(config.houseFile, { force: true });
    });
    /** A disk that is full must not stop what runs; that a file is old is said. Another house's files are left alone. */
    const keep = (what: string, write: () => void) => {
      try {
        if (lock.isHeld()) write();
      } catch (error) {
        say(`${what} could not be written: ${reportOf(error).message}`);
      }
    };
    const startedAt = new Date().toISOString();
    const write = () =>
      keep('house.json', () =>
        writeHouse(config.houseFile, {
          pid: process.pid,
          startedAt,
          web: page,
          ...servers,
          temporalNamespace: config.temporalNamespace,
          temporalUi: temporal?.ui ?? null,
          parts: parts.map((part) => part.state),
        }),
      );
    const add = (plan: PartPlan) => {
      const part = createPart(plan, {
        logsDir: config.logsDir,
        started({ name, stopSignal, killSignal }, pid) {
          guard.watch(pid, [stopSignal, killSignal]);
          keep('children.json', () => record.add(name, pid));
        },
        ended(pid) {
          guard.forget(pid);
          keep('children.json', () => record.remove(pid));
        },
        changed(state) {
          tell(state);
          write();
        },
      });
      parts.push(part);
      return part;
    };

    // The page comes first: it says what is being started. All parts are in house.json from the beginning.
    const web = add(webPlan(main, config, servers));
    const database = postgres && add(postgres.plan);
    const jobs = temporal && add(temporal.plan);
    const engine = add(workerPlan('engine', main, config, servers));
    const io = add(workerPlan('io', main, config, servers));
    const ai = add(workerPlan('ai', main, config, servers));
    write();

    const webReady = web.start();
    const databaseReady = async () => {
      if (database === null || (await database.start())) await bringUpToDate(servers.databaseUrl);
    };
    await Promise.all([databaseReady(), jobs?.start()]);
    if (isStopping()) return false;
    const ready = await Promise.all([webReady, engine.start(), io.start(), ai.start()]);
    return ready.every(Boolean);
  }

  async function preparePostgres(): Promise<EmbeddedPostgres> {
    say('Preparing Postgres …');
    await upgradePostgres(config.dataDir, say);
    return await embeddedPostgres(config.dataDir, await freePort());
  }

  /** Waits for a database that is away, for it may just be starting too; any other failure ends the start. */
  async function bringUpToDate(databaseUrl: string): Promise<void> {
    const { isDatabaseDown } = await import('../../sql/database.ts');
    for (let saidSo = false; !isStopping(); saidSo = true) {
      try {
        await prepareDatabase(databaseUrl);
        return;
      } catch (error) {
        const { code, message } = reportOf(error);
        if (code === 'config.password-needed' || code === 'database.newer') throw error;
        if (!isDatabaseDown(error)) {
          throw new CodedError('house.start-failed', `The database could not be brought up to date: ${message}`, {
            cause: error,
          });
        }
        if (!saidSo) say(`The database does not answer (${message}). Trying again until it does.`);
        await sleep(1000);
      }
    }
  }

  function stop(): Promise<void> {
    stopped ??= stopAll();
    return stopped;
  }

  async function stopAll(): Promise<void> {
    await stopParts();
    // What the start was still busy with ends now, and a failure of it is told to the one who started.
    await starting.catch(() => undefined);
    for (const cleanup of cleanups.reverse()) await cleanup();
  }

  /**
   * The workers first, side by side: what they have in hand they hand back to Temporal and write to Postgres. The page
   * stays for as long, and shows it; a job started there now is kept by Temporal for the next start. Then the page,
   * which needs the two servers, and the servers at last.
   */
  async function stopParts(): Promise<void> {
    for (const group of [['engine', 'io', 'ai'], ['web'], ['temporal'], ['postgres']]) {
      await Promise.all(parts.filter(({ state }) => group.includes(state.name)).map((part) => part.stop()));
    }
  }

  return {
    start,
    stop,
    kill() {
      for (const part of parts) part.kill();
    },
  };
}
