import type { House, WorkerReport } from '../../model/house.ts';
import type { Root } from '../../model/library.ts';
import { quietMinutesLeft } from '../../model/quiet-hours.ts';
import type { Settings } from '../../model/settings.ts';
import type { Fragment } from '../live.ts';
import { Ago, Bar, Empty, Live, Name } from '../parts.tsx';
import { partName } from '../top.tsx';
import { bytes, count, counted } from '../words.ts';

export interface StatusProps {
  house: House | null;
  workers: WorkerReport[];
  /** Which jobs of which workers rest, and why. */
  waits: { job: string; host: string; worker: string; why: string }[];
  coverage: { files: number; read: number; failed: number; dirs: number };
  roots: Root[];
  settings: Settings;
  /** The time of day. */
  now: string;
  /** The web server's; workers are to have the same. */
  version: string;
}

/** The page around it, with the way to the API. */
export const StatusPage = ({ live, version }: { live: Fragment; version: string }) => (
  <div class="page">
    <h1>Status</h1>
    <Live fragment={live} />
    <p class="quiet">
      Photo Assistant {version} · <a href="/api/openapi.json">JSON API</a> · <a href="/metrics">metrics</a>
    </p>
  </div>
);

/** How the house stands: what is read, which parts run, and how gently the workers do. */
export function StatusLive({ house, workers, waits, coverage, roots, settings, now, version }: StatusProps) {
  const imports = roots.filter((root) => root.kind === 'import');
  const unseen = roots.filter((root) => root.unseen);
  return (
    <>
      {quietMinutesLeft(now, settings) > 0 && (
        <p class="notice">Quiet hours until {settings.quietTo}: nothing is started by itself.</p>
      )}
      <section class="card stack">
        <h2>Your library</h2>
        <p class="numbers">
          {count(coverage.read)} of {counted(coverage.files, 'file')} read, in{' '}
          {counted(coverage.dirs, 'directory', 'directories')}
          {coverage.failed > 0 && ` · ${counted(coverage.failed, 'file')} with an error`}
        </p>
        <Bar done={coverage.read} total={coverage.files} label="Files read" />
      </section>
      {unseen.map(({ path }) => (
        <p class="failure">
          No worker can read this path: <Name>{path}</Name>. Its jobs wait until one can.
        </p>
      ))}
      {imports.length > 0 && (
        <>
          <h2>New files</h2>
          <ul class="cards">
            {imports.map((root) => (
              <li class="card">
                <h3>
                  <Name>{root.path}</Name>
                </h3>
                <p>{howNoticed(root, settings)}</p>
              </li>
            ))}
          </ul>
        </>
      )}
      <h2>Workers</h2>
      <p class="quiet">
        Priorities are read back from the system: idle and 19 mean that they only take what nobody else wants.
      </p>
      {workers.length === 0 && <Empty>Workers appear here when they report for the first time.</Empty>}
      {[...Map.groupBy(workers, ({ host }) => host)].map(([host, its], _, hosts) => (
        <>
          {hosts.length > 1 && (
            <h3>
              On <Name>{host}</Name>
            </h3>
          )}
          <ul class="cards">
            {its.map((worker) => (
              <Worker worker={worker} rests={restsOf(worker, waits)} version={version} roots={roots} />
            ))}
          </ul>
        </>
      ))}
      <h2>Parts of the house</h2>
      {house === null ? (
        <Empty>The servers are kept by someone else: their parts are not watched from here.</Empty>
      ) : (
        <ul class="cards">
          {house.parts.map((part) => (
            <li class="card">
              <h3>
                {partName(part.name)}{' '}
                <span class={`status ${part.status === 'running' ? 'completed' : 'failed'}`}>{part.status}</span>
              </h3>
              <dl class="facts">
                <dt>Since</dt>
                <dd>
                  <Ago at={part.since} />
                </dd>
                <dt>Process</dt>
                <dd>{part.pid ?? 'none'}</dd>
                <dt>Restarts</dt>
                <dd>{count(part.restarts)}</dd>
                {part.lastExit !== null && (
                  <>
                    <dt>Last end</dt>
                    <dd>{part.lastExit}</dd>
                  </>
                )}
              </dl>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

/** How new files in an import path come to be imported. */
function howNoticed({ watchedDirs, watchTrouble }: Root, { watchImports, rescanHours }: Settings): string {
  if (watchedDirs !== null) return `Watched: ${counted(watchedDirs, 'directory', 'directories')}.`;
  const often = rescanHours < 1 ? counted(rescanHours * 60, 'minute') : counted(rescanHours, 'hour');
  const instead = rescanHours === 0 ? 'Looked through only when you say so.' : `Looked through every ${often} instead.`;
  if (!watchImports) return `Not watched: that is switched off. ${instead}`;
  return watchTrouble === null ? 'Not watched yet.' : `Not watched. ${watchTrouble} ${instead}`;
}

/** Why work of a worker rests, each reason once. */
const restsOf = ({ host, queues }: WorkerReport, waits: StatusProps['waits']): string[] => [
  ...new Set(waits.filter((wait) => wait.host === host && queues.includes(wait.worker)).map(({ why }) => why)),
];

interface WorkerProps {
  worker: WorkerReport;
  rests: string[];
  version: string;
  roots: Root[];
}

const Worker = ({ worker, rests, version, roots }: WorkerProps) => (
  <li class="card">
    <h3>
      {worker.name}{' '}
      <span class={`status ${worker.alive ? 'completed' : 'failed'}`}>{worker.alive ? 'alive' : 'silent'}</span>
    </h3>
    {rests.map((why) => (
      <p>What nobody waits for {why}.</p>
    ))}
    {worker.alive && worker.version !== version && (
      <p class="problem">
        It is of version {worker.version}, and this page of {version}. All machines are to run the same.
      </p>
    )}
    <dl class="facts">
      <dt>I/O class</dt>
      <dd>{worker.ioClass}</dd>
      <dt>Niceness</dt>
      <dd>{worker.niceness}</dd>
      <dt>Memory</dt>
      <dd>{bytes(worker.memoryBytes)}</dd>
      <dt>Queues</dt>
      <dd>{worker.queues.join(', ')}</dd>
      <dt>Where</dt>
      <dd>
        {worker.host}, process {worker.pid}
      </dd>
      <dt>Version</dt>
      <dd>{worker.version}</dd>
      {worker.backend !== null && (
        <>
          <dt>Networks in</dt>
          <dd>{worker.backend === 'wasm' ? 'WebAssembly' : 'native TensorFlow'}</dd>
        </>
      )}
      {worker.queues.includes('io') && (
        <>
          <dt>Reads</dt>
          <dd>
            {worker.roots.length === 0 && 'none of the paths'}
            {roots
              .filter(({ id }) => worker.roots.includes(id))
              .map(({ path }, i) => (
                <>
                  {i > 0 && ', '}
                  <Name>{path}</Name>
                </>
              ))}
          </dd>
        </>
      )}
      <dt>Last heard of</dt>
      <dd>
        <Ago at={worker.seenAt} />
      </dd>
    </dl>
  </li>
);
