import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { projectDir } from '../../config.ts';
import { CodedError } from '../../model/errors.ts';
import { searchAttributes } from '../../model/job-kinds.ts';
import { findProgram } from '../priority.ts';
import { answers } from './http.ts';
import type { PartPlan } from './part.ts';
import { assertPortFree, freePort } from './ports.ts';

/**
 * One partition a queue keeps priorities exact. The page asks Temporal for every list and count each time, and imports
 * start many jobs at once: the limits that protect a shared cluster are of no use to a server with one user.
 */
const dynamicConfig: Record<string, unknown> = {
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  'frontend.namespaceRPS.visibility': 1000,
  'frontend.namespaceRPS': 10_000,
  'frontend.rps': 10_000,
};

/** The house's own Temporal server. */
export interface EmbeddedTemporal {
  readonly address: string;
  readonly ui: string;
  readonly plan: PartPlan;
}

/**
 * Prepares a server that listens on 127.0.0.1 only, for it has no login. How long it keeps finished jobs is set by the
 * engine worker, as with any other Temporal server. Throws house.tool-missing.
 */
export async function embeddedTemporal(dataDir: string, namespace: string): Promise<EmbeddedTemporal> {
  const program = findTemporal();
  const dir = path.join(dataDir, 'temporal');
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  const ports = {
    port: await freePort(),
    'ui-port': await freePort(),
    'http-port': await freePort(),
    'metrics-port': await freePort(),
  };
  return {
    address: `127.0.0.1:${ports.port}`,
    ui: `http://127.0.0.1:${ports['ui-port']}`,
    plan: {
      name: 'temporal',
      async launch() {
        for (const port of Object.values(ports)) await assertPortFree(port, 'the Temporal server');
        return { command: [program, ...options(dir, namespace, ports)], env: cleanEnv(), cwd: '/' };
      },
      ready: () => answers(`http://127.0.0.1:${ports['http-port']}/api/v1/namespaces/${namespace}`),
      readyWithinSeconds: 180,
      stopSignal: 'SIGTERM',
      graceSeconds: 15,
      killSignal: 'SIGKILL',
    },
  };
}

function options(dir: string, namespace: string, ports: Record<string, number>): string[] {
  const flags = [
    ['ip', '127.0.0.1'],
    ...Object.entries(ports).map(([name, port]) => [name, String(port)]),
    ['db-filename', path.join(dir, 'temporal.sqlite')],
    ['sqlite-pragma', 'journal_mode=WAL'],
    ['sqlite-pragma', 'synchronous=NORMAL'],
    ['namespace', namespace],
    ...searchAttributes.map((name) => ['search-attribute', `${name}=Keyword`]),
    ...Object.entries(dynamicConfig).map(([name, value]) => [
      'dynamic-config-value',
      `${name}=${JSON.stringify(value)}`,
    ]),
    // Pages of other sites may reach a port of this machine under a name of their own: only these names are answered.
    ['dynamic-config-value', `frontend.httpAllowedHosts=${JSON.stringify(['127.0.0.1:*', 'localhost:*'])}`],
    ['log-level', 'warn'],
  ];
  return ['server', 'start-dev', ...flags.flatMap(([name, value]) => [`--${name}`, value ?? ''])];
}

export function findTemporal(): string {
  const own = path.join(projectDir, '.tools', 'temporal');
  const found = findProgram('temporal') ?? (existsSync(own) ? own : null);
  if (found !== null) return found;
  throw new CodedError(
    'house.tool-missing',
    'No Temporal server was found: neither `temporal` on PATH nor .tools/temporal in the project. ' +
      'Run `node scripts/setup.mjs start`, or set TEMPORAL_ADDRESS to a server of your own.',
  );
}

/** Without the user's TEMPORAL… variables, which the program would take for its own; memory kept in bounds. */
function cleanEnv(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('TEMPORAL_'));
  return { ...Object.fromEntries(kept), GOMEMLIMIT: '256MiB' };
}
