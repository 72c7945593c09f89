import type { JobKind } from '../../model/job-kinds.ts';
import type { Job } from '../../model/job.ts';
import { Empty } from '../parts.tsx';
import type { ImportFilter } from './schema.ts';
import { JobList } from './job-list.tsx';

const statuses = [
  ['', 'All'],
  ['running', 'Running'],
  ['failed', 'Failed'],
  ['completed', 'Completed'],
  ['canceled', 'Canceled'],
] as const;
const kinds = [
  ['', 'Everything'],
  ['scanPath', 'Scans'],
  ['importPath', 'Imports'],
  ['dirChain', 'Directories'],
] as const satisfies [JobKind | '', string][];

/** The address of the list with another filter; always its first page. */
export function importUrl(filter: ImportFilter): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
  return query.size === 0 ? '/jobs/import' : `/jobs/import?${query}`;
}

/** Links that narrow the list down. */
export const ImportFilters = ({ filter: { cursor: _, ...filter } }: { filter: ImportFilter }) => (
  <div class="filters">
    <nav aria-label="By status">
      {statuses.map(([status, label]) => (
        <a
          class="chip"
          href={importUrl({ ...filter, status })}
          aria-current={(filter.status ?? '') === status ? 'true' : undefined}
        >
          {label}
        </a>
      ))}
    </nav>
    <nav aria-label="By kind">
      {kinds.map(([kind, label]) => (
        <a
          class="chip"
          href={importUrl({ ...filter, kind })}
          aria-current={(filter.kind ?? '') === kind ? 'true' : undefined}
        >
          {label}
        </a>
      ))}
    </nav>
  </div>
);

/** The part of `/jobs/import` that changes by itself. */
export function ImportLive({ jobs, next, filter }: { jobs: Job[]; next: string | null; filter: ImportFilter }) {
  return (
    <>
      {jobs.length === 0 ? (
        <Empty>Scans of paths, imports and the directories they work on appear here. None fits this choice now.</Empty>
      ) : (
        <JobList jobs={jobs} label="Import jobs, newest first" />
      )}
      {next !== null && (
        <p class="more">
          <a class="button" href={importUrl({ ...filter, cursor: next })}>
            Older jobs
          </a>
        </p>
      )}
    </>
  );
}
