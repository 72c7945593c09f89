import type { JobKind } from '../../model/job-kinds.ts';
import type { Job } from '../../model/job.ts';
import { IfMay } from '../form.tsx';
import { Empty } from '../parts.tsx';
import type { GroupFilter } from './schema.ts';
import { JobList } from './job-list.tsx';

const statuses = [
  ['', 'All'],
  ['running', 'Running'],
  ['needs-approval', 'Needs approval'],
  ['failed', 'Failed'],
  ['completed', 'Completed'],
  ['canceled', 'Canceled'],
] as const;

/** Jobs of one purpose, with a page of their own. */
export interface JobGroup {
  name: 'import' | 'ai' | 'move';
  title: string;
  kinds: readonly (readonly [JobKind | '', string])[];
  /** What is said where there is none. */
  empty: string;
}

export const jobGroups: Record<JobGroup['name'], JobGroup> = {
  import: {
    name: 'import',
    title: 'Import jobs',
    kinds: [
      ['', 'Everything'],
      ['findFiles', 'Finding files'],
      ['scanPath', 'Scans'],
      ['importPath', 'Imports'],
      ['dirChain', 'Directories'],
      ['removeMissing', 'Removing'],
      ['scheduled', 'Schedules'],
    ],
    empty: 'Scans of paths, imports and the directories they work on appear here. None fits this choice now.',
  },
  ai: {
    name: 'ai',
    title: 'AI jobs',
    kinds: [
      ['', 'Everything'],
      ['facesOfPath', 'Faces of a path'],
      ['identifyPerson', 'Who is who'],
      ['addRefimgs', 'Reference images'],
      ['resetFaces', 'Forgetting'],
      ['drawFace', 'Faces by hand'],
      ['takeOverRegions', 'Names in files'],
      ['groupFaces', 'Unknown faces'],
      ['measureDistances', 'Distances'],
      ['dirChain', 'Directories'],
    ],
    empty: 'Looking for faces, and for whose they are, appears here. Nothing fits this choice now.',
  },
  move: {
    name: 'move',
    title: 'Move jobs',
    kinds: [
      ['', 'Everything'],
      ['planMoves', 'Plans'],
      ['moveFiles', 'Moves'],
      ['undoMoves', 'Taken back'],
      ['checkFiles', 'Checks'],
    ],
    empty: 'Plans of moves, moves, and checks of stored files appear here. Nothing fits this choice now.',
  },
};

/** The address of a group's list with another filter; always its first page. */
export function groupUrl({ name }: JobGroup, filter: GroupFilter): string {
  const query = new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== ''));
  return query.size === 0 ? `/jobs/${name}` : `/jobs/${name}?${query}`;
}

/** Where jobs of this purpose are started. */
export function AboutGroup({ group }: { group: JobGroup }) {
  if (group.name === 'ai') {
    return (
      <p>
        <a href="/people/scans">Scan faces again</a>: what each kind of scan does, and what it costs.
      </p>
    );
  }
  if (group.name === 'import') return null;
  return (
    <IfMay right="run">
      <p>
        <a href="/sorter">The sorter</a>: what goes where, before anything moves. A plan’s page takes its files back,
        too.
      </p>
    </IfMay>
  );
}

/** The group that jobs of a kind are listed in. */
export const groupOf = (kind: JobKind): JobGroup =>
  Object.values(jobGroups).find(({ kinds }) => kinds.some(([each]) => each === kind)) ?? jobGroups.import;

/** Links that narrow the list down. */
export const GroupFilters = ({ group, filter: { cursor: _, ...filter } }: { group: JobGroup; filter: GroupFilter }) => (
  <div class="filters">
    <nav aria-label="By status">
      {statuses.map(([status, label]) => (
        <a
          class="chip"
          href={groupUrl(group, { ...filter, status })}
          aria-current={(filter.status ?? '') === status ? 'true' : undefined}
        >
          {label}
        </a>
      ))}
    </nav>
    <nav aria-label="By kind">
      {group.kinds.map(([kind, label]) => (
        <a
          class="chip"
          href={groupUrl(group, { ...filter, kind })}
          aria-current={(filter.kind ?? '') === kind ? 'true' : undefined}
        >
          {label}
        </a>
      ))}
    </nav>
  </div>
);

interface GroupLiveProps {
  group: JobGroup;
  jobs: Job[];
  next: string | null;
  filter: GroupFilter;
}

/** The part of the list that changes by itself. */
export function GroupLive({ group, jobs, next, filter }: GroupLiveProps) {
  return (
    <>
      {jobs.length === 0 ? (
        <Empty>{group.empty}</Empty>
      ) : (
        <JobList jobs={jobs} label={`${group.title}, newest first`} />
      )}
      {next !== null && (
        <p class="more">
          <a class="button" href={groupUrl(group, { ...filter, cursor: next })}>
            Older jobs
          </a>
        </p>
      )}
    </>
  );
}
