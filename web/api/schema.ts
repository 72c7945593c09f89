import Type from 'typebox';
import { WorkerReport } from '../../model/house.ts';
import { Job, JobStatus, LogLine } from '../../model/job.ts';
import { engineStates } from '../../model/job-kinds.ts';
import { Dir, FileDetails, Part, PhotoFile, PhotoFilter, Place, Root } from '../../model/library.ts';
import { Settings } from '../../model/settings.ts';

/** What the JSON API takes and gives. */

const Id = Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 });
const Limit = Type.Integer({ minimum: 1, maximum: 200, default: 100 });
const Cursor = Type.String({ maxLength: 8000, description: '`next` of the page before' });
const Kind = Job.properties.kind;

export const ErrorReply = Type.Object({ error: Type.Object({ code: Type.String(), message: Type.String() }) });
/** What any question may be answered with instead. */
export const refused = { '4xx': ErrorReply, '5xx': ErrorReply };

const Coverage = Type.Object({
  files: Type.Integer(),
  read: Type.Integer(),
  failed: Type.Integer(),
  dirs: Type.Integer(),
});

export const StatusReply = Type.Object({
  state: Type.Enum([...engineStates]),
  since: Type.String(),
  jobs: Type.Object({
    running: Type.Integer({ description: 'without those that are paused or wait for an approval' }),
    ...{ paused: Type.Integer(), completed: Type.Integer(), failed: Type.Integer() },
  }),
  workers: Type.Array(WorkerReport),
  /** Jobs that rest because the machine is not free for them, or in quiet hours. */
  waits: Type.Array(
    Type.Object({ job: Type.String(), host: Type.String(), worker: Type.String(), why: Type.String() }),
  ),
  coverage: Coverage,
});

export const JobsQuery = Type.Object({
  kind: Type.Optional(Kind),
  status: Type.Optional(JobStatus),
  root: Type.Optional(Id),
  dir: Type.Optional(Id),
  parent: Type.Optional(Type.String({ maxLength: 300 })),
  autoFailedBy: Type.Optional(Type.String({ maxLength: 300 })),
  cursor: Type.Optional(Cursor),
  limit: Type.Optional(Limit),
});
export const JobsReply = Type.Object({ jobs: Type.Array(Job), next: Type.Union([Type.String(), Type.Null()]) });
export const JobParams = Type.Object({
  id: Type.String({ minLength: 1, maxLength: 300, description: 'such as scan/2, URL-encoded' }),
});
export const Started = Type.Object({ id: Type.String() });
export const StartedAll = Type.Object({ ids: Type.Array(Type.String()) });
export const ImportAll = Type.Object({ deep: Type.Optional(Type.Boolean()) }, { additionalProperties: false });

export const LogQuery = Type.Object({
  after: Type.Optional(
    Type.Integer({ minimum: 0, description: 'id of the last line seen; without it the newest lines' }),
  ),
  level: Type.Optional(LogLine.properties.level),
  limit: Type.Optional(Limit),
});
export const LogReply = Type.Object({ lines: Type.Array(LogLine) });

export const RootsReply = Type.Object({ roots: Type.Array(Root) });

export const DirsQuery = Type.Object({
  root: Type.Optional(Id),
  parent: Type.Optional(Id),
  cursor: Type.Optional(Type.Integer({ minimum: 0 })),
  limit: Type.Optional(Limit),
});
export const DirsReply = Type.Object({ dirs: Type.Array(Dir), next: Type.Union([Type.Integer(), Type.Null()]) });

export const FilesQuery = Type.Interface([PhotoFilter], {
  dir: Type.Optional(Id),
  root: Type.Optional(Id),
  failed: Type.Optional(Type.Boolean({ description: 'only files with an error' })),
  order: Type.Optional(
    Type.Enum(['taken', 'name'], {
      description:
        'taken: pictures and videos, newest first. name: every file. Without it, name within a dir or root, else taken.',
    }),
  ),
  cursor: Type.Optional(Cursor),
  limit: Type.Optional(Limit),
});
export const FilesReply = Type.Object({ files: Type.Array(PhotoFile), next: Type.Union([Type.String(), Type.Null()]) });
export const FileParams = Type.Object({ id: Id });
export const FileReply = Type.Interface([PhotoFile, FileDetails], {
  /** All files that are one picture with this one, the one that is shown first. */
  bundle: Type.Array(Type.Object({ id: Id, name: Type.String(), part: Type.Union([Part, Type.Null()]) })),
});

const Count = Type.Integer({ minimum: 0 });
export const MapQuery = Type.Object({ box: PhotoFilter.properties.box });
export const MapReply = Type.Object({
  /** Pictures with a position, by the cells of a grid of 60 by 60 over the box; each content is counted once. */
  clusters: Type.Array(
    Type.Object({
      latitude: Type.Number({ description: 'the middle of the pictures' }),
      longitude: Type.Number(),
      count: Count,
      box: Type.String({ description: 'west,south,east,north of the pictures: a box of /api/files and of /api/map' }),
    }),
  ),
  /** The towns with most pictures in the box. */
  places: Type.Array(
    Type.Object({
      ...Type.Omit(Place, ['metres']).properties,
      count: Count,
      place: Type.String({ description: 'country|region|town: a place of /api/files' }),
    }),
  ),
});

export const DuplicatesQuery = Type.Object({ cursor: Type.Optional(Cursor), limit: Type.Optional(Limit) });
export const DuplicatesReply = Type.Object({
  /** Contents that several files hold, those first that take most space more than needed. */
  groups: Type.Array(
    Type.Object({
      hash: Type.String({ description: 'SHA-256 in hex' }),
      size: Type.Integer({ description: 'of each file, in bytes' }),
      count: Count,
      files: Type.Array(PhotoFile, { description: 'the first 50' }),
    }),
  ),
  next: Type.Union([Type.String(), Type.Null()]),
  total: Type.Object({ groups: Count, bytes: Type.Integer({ description: 'of all files but one of each group' }) }),
});

/** The schema without the value that would be filled in: what is left out of the body stays as it is. */
const keepingOld = <T extends Type.TSchema>(schema: T) => Type.Optional<T>({ ...schema, default: undefined });

const settingsFields = {
  importPaths: keepingOld(Settings.properties.importPaths),
  storagePaths: keepingOld(Settings.properties.storagePaths),
  ignore: keepingOld(Settings.properties.ignore),
  ioWorkers: keepingOld(Settings.properties.ioWorkers),
  chainWindow: keepingOld(Settings.properties.chainWindow),
  missingDays: keepingOld(Settings.properties.missingDays),
  missingShare: keepingOld(Settings.properties.missingShare),
  missingFiles: keepingOld(Settings.properties.missingFiles),
  junk: keepingOld(Settings.properties.junk),
  checkShare: keepingOld(Settings.properties.checkShare),
  watchImports: keepingOld(Settings.properties.watchImports),
  settleSeconds: keepingOld(Settings.properties.settleSeconds),
  rescanHours: keepingOld(Settings.properties.rescanHours),
  nightlyAt: keepingOld(Settings.properties.nightlyAt),
  quietFrom: keepingOld(Settings.properties.quietFrom),
  quietTo: keepingOld(Settings.properties.quietTo),
  cpuShare: keepingOld(Settings.properties.cpuShare),
  diskRate: keepingOld(Settings.properties.diskRate),
  pauseOnBattery: keepingOld(Settings.properties.pauseOnBattery),
  pauseAboveLoad: keepingOld(Settings.properties.pauseAboveLoad),
  diskFrom: keepingOld(Settings.properties.diskFrom),
  diskTo: keepingOld(Settings.properties.diskTo),
  notifyUrl: keepingOld(Settings.properties.notifyUrl),
  notifyFailures: keepingOld(Settings.properties.notifyFailures),
  notifyApprovals: keepingOld(Settings.properties.notifyApprovals),
  notifyImports: keepingOld(Settings.properties.notifyImports),
  lookForFaces: keepingOld(Settings.properties.lookForFaces),
  faceDetector: keepingOld(Settings.properties.faceDetector),
  faceTiles: keepingOld(Settings.properties.faceTiles),
  faceMinScore: keepingOld(Settings.properties.faceMinScore),
  faceMinSize: keepingOld(Settings.properties.faceMinSize),
  nameThreshold: keepingOld(Settings.properties.nameThreshold),
  namePerhaps: keepingOld(Settings.properties.namePerhaps),
  nameMargin: keepingOld(Settings.properties.nameMargin),
  oncePerPhoto: keepingOld(Settings.properties.oncePerPhoto),
} satisfies Record<keyof Settings, Type.TSchema>;

export const SettingsBody = Type.Object(
  {
    ...settingsFields,
    acceptMissingPaths: Type.Optional(Type.Boolean({ description: 'save paths too whose disk is not there now' })),
  },
  { additionalProperties: false },
);
export const SettingsRefused = Type.Object({
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    problems: Type.Array(
      Type.Object({
        field: Type.String(),
        index: Type.Union([Type.Integer(), Type.Null()]),
        code: Type.String(),
        message: Type.String(),
      }),
    ),
  }),
});

export const Ready = Type.Object({
  ready: Type.Boolean(),
  checks: Type.Record(Type.String(), Type.Object({ ok: Type.Boolean(), message: Type.String() })),
});
