/**
 * The kinds of job, their workflow ids and inputs. No imports: the workflow sandbox bundles this file.
 * A job's id is its meaning, so asking twice for the same thing is the same job.
 */

export const taskQueues = { engine: 'engine', io: 'io', ai: 'ai' } as const;

/** The steps of a dirChain, in order. A later step is auto-failed by an earlier one's failure. */
export const chainSteps = ['scan', 'thumbs', 'faces', 'identify'] as const;
export type StepName = (typeof chainSteps)[number];

export const jobKinds = [
  'engine',
  'findFiles',
  'scanPath',
  'importPath',
  'dirChain',
  'tryFile',
  'facesOfPath',
  'identifyPerson',
  'addRefimgs',
  'tryFaces',
  'resetFaces',
  'drawFace',
  'takeOverRegions',
  'removeMissing',
  'planMoves',
  'moveFiles',
  'undoMoves',
  'checkFiles',
  'measureDistances',
  'groupFaces',
  'scheduled',
] as const;
export type JobKind = (typeof jobKinds)[number];

/** What is started by itself, by a schedule of the same name. */
export const scheduleNames = ['rescan', 'remove-missing', 'ai', 'integrity'] as const;
export type ScheduleName = (typeof scheduleNames)[number];

export const engineStates = [
  'initialising',
  'configuration needed',
  'find files',
  'import files',
  'awaiting jobs',
] as const;
export type EngineState = (typeof engineStates)[number];

export interface ScanOptions {
  /** Also stat every file of dirs whose mtime did not change. */
  deep?: boolean;
  /** Take the disk that is there now for the right one, where it is another device than before. */
  acceptDevice?: boolean;
}

export interface FindFilesInput extends ScanOptions {
  /** Ids of the roots to scan; all of them when absent. */
  roots?: number[];
}
export interface ScanPathInput extends ScanOptions {
  root: number;
}
export interface ImportPathInput extends ScanOptions {
  root: number;
  /** How the scan this import waits for ended, when someone else ran it. Absent: the import runs the scan itself. */
  scanned?: ScanOutcome;
  /** Where a run that was continued as new goes on. */
  cursor?: ImportCursor;
  /** What it was asked for meanwhile, to be done after it. */
  next?: ScanOptions;
}
export interface DirChainInput extends RescanOptions {
  dir: number;
  /** The step to begin with, for "run again from the failed step"; earlier ones are taken as done. */
  from?: StepName;
  /** The last step, where the later ones are another job's. */
  to?: StepName;
}

/** Looking for faces also where that was done; what people said of faces is kept. */
export interface RescanOptions {
  /** In all pictures. */
  again?: boolean;
  /** In those that were searched with other settings or networks than today's. */
  outdated?: boolean;
  /** Number of the last scan before this one: a job that goes on leaves later ones as they are. */
  before?: number;
}

/** What is asked of a job that looks for faces. */
export interface FacesAsk extends RescanOptions {
  /** Names this wish, where the job was asked by a signal as well. */
  ask?: string;
}

/** Faces of all pictures of a path: the AI steps of each of its dirs that has such work. */
export interface FacesOfPathInput extends FacesAsk {
  root: number;
  /** Where a run that was continued as new goes on, and what was found out before its first one: to count takes long. */
  cursor?: ImportCursor;
  rescan?: NonNullable<JobMemo['rescan']>;
  /** What was asked for meanwhile, and is done next. */
  next?: RescanOptions;
}

export interface IdentifyPersonInput {
  /** Absent: everybody. */
  person?: number;
  /** Only this dir; all dirs when absent. */
  dir?: number;
  /** Also faces that have a name already; of these only the ones no person has spoken on may change. */
  all?: boolean;
  /** The dir a run goes on after: dirs are gone through in the order of their numbers. */
  afterDir?: number;
  /** Names this wish, where the job was asked by a signal as well. */
  ask?: string;
  /** What was asked for meanwhile, and is done next. */
  next?: IdentifyPersonInput;
}

export interface ResetFacesInput {
  /** All dirs when absent. */
  dir?: number;
  /** Who the faces are, or the faces as well; what people said stays. */
  forget: 'names' | 'faces';
  /** Starts what finds them anew. */
  rescan?: boolean;
  /** The dir a run goes on after. */
  afterDir?: number;
}

/** Files that are missing for long leave the database; too many at once are asked about first. */
export interface RemoveMissingInput {
  root: number;
}

/** A plan of moves: makes it, carries it out, or takes back what a person wants back. */
export interface PlanInput {
  plan: number;
}

/** Files of a storage path are read again and compared with what they held: the next share of them. */
export interface CheckFilesInput {
  root: number;
}

/** Starts the jobs that a schedule is for, outside of the quiet hours. */
export interface ScheduledInput {
  what: ScheduleName;
}

export interface GroupFacesInput {
  /** Does nothing where few faces came since the last time: so it is started by itself. */
  whenWorth?: boolean;
}

export interface TryFileInput {
  /** Names the directory of temporary files that holds the uploads. */
  trial: string;
}

export interface AddRefimgsInput {
  /** Names the directory of temporary files that holds the uploads, or says which folder is to be read. */
  trial: string;
  /** Absent: the folder has a folder for each person, named like the person. */
  person?: number;
}

/** A face that no detector found: where a person drew it. */
export interface DrawFaceInput {
  /** In a file of the library, or as a reference image in a picture that has a preview. */
  of: { file: number } | { hash: string; title: string };
  person: number;
  /** In shares of the upright picture's sides. */
  box: { x: number; y: number; w: number; h: number };
}

export interface TakeOverRegionsInput {
  /** Names as they are written in files, and whose they are. */
  names: { name: string; person: number }[];
  /** Where a run that was continued as new goes on. */
  cursor?: RegionsCursor;
}

export interface RegionsCursor {
  afterFile: number;
  done: number;
}

export interface TryFacesInput {
  /** Names the directory of temporary files that the result is left in, and holds the uploads, if any. */
  trial: string;
  of: { upload: true } | { file: number } | { dir: number };
  /** Settings by their names, as they are tried. */
  settings: {
    faceDetector: 'combined' | 'ssd' | 'tiny';
    faceTiles: 'as needed' | 'always' | 'never';
    faceMinScore: number;
    faceMinSize: number;
    nameThreshold: number;
    namePerhaps: number;
    nameMargin: number;
    oncePerPhoto: boolean;
  };
}

/** What a finished scanPath tells those who wait for it. */
export interface ScanResult {
  dirs: number;
  changedDirs: number;
  numFiles: number;
  /** Dirs that could not be read; each has its reason on its row. */
  failedDirs: number;
  /** So many files are gone at once that a person is asked; 0: not any more. Absent where that is no news. */
  held?: number;
}

export type ScanOutcome =
  { root: number; ok: true; result: ScanResult } | { root: number; ok: false; code: string; message: string };

export interface ImportCursor {
  afterDir: number;
  chains: number;
  failedChains: number;
}

export const jobId = {
  engine: () => 'engine',
  findFiles: () => 'find',
  scanPath: (root: number) => `scan/${root}`,
  importPath: (root: number) => `import/${root}`,
  dirChain: (dir: number) => `dir/${dir}`,
  tryFile: (trial: string) => `try-file/${trial}`,
  tryFaces: (trial: string) => `try/${trial}`,
  addRefimgs: (trial: string) => `refimgs/${trial}`,
  drawFace: (key: string) => `draw/${key}`,
  takeOverRegions: (key: string) => `regions/${key}`,
  facesOfPath: (root: number) => `faces/${root}`,
  resetFaces: (dir: number | undefined) => `reset-faces/${dir ?? 'all'}`,
  removeMissing: (root: number) => `remove/${root}`,
  planMoves: (plan: number) => `plan/${plan}`,
  moveFiles: (plan: number) => `move/${plan}`,
  undoMoves: (plan: number) => `undo/${plan}`,
  checkFiles: (root: number) => `check/${root}`,
  measureDistances: () => 'distances',
  groupFaces: () => 'groups',
  /** Temporal adds the time that it was due. */
  scheduled: (what: ScheduleName) => `scheduled/${what}`,
  identifyPerson: (person: number | undefined) => `identify/${person ?? 'all'}`,
} as const;

/** Temporal's priority keys (1 is the most urgent, 3 the default): what a person waits for overtakes bulk work. */
export const priority = { person: 1, scan: 2, bulk: 4 } as const;

/** Search attributes that every workflow sets itself, so that jobs started anywhere look the same. All Keywords. */
export const searchAttributes = ['JobKind', 'JobRoot', 'JobDir', 'JobPerson', 'JobState', 'AutoFailedBy'] as const;

export type StepStatus = 'waiting' | 'running' | 'done' | 'failed' | 'auto-failed';

/** What a workflow keeps in its memo (key `job`) about itself; the page shows it without asking the worker. */
export interface JobMemo {
  kind: JobKind;
  root?: number;
  dir?: number;
  person?: number;
  plan?: number;
  parent?: string;
  waitsFor: string[];
  steps: { name: string; status: StepStatus }[];
  paused: boolean;
  autoFailedBy?: string;
  error?: { code: string; message: string };
  result?: ScanResult;
  chains?: { done: number; failed: number };
  /** Only of `takeOverRegions`: pictures gone through, of how many. */
  pictures?: { done: number; total: number };
  /** Only of `identifyPerson`: the last dir that was gone through. */
  afterDir?: number;
  /** Only of `identifyPerson`: it looks at faces that have a name already, too. */
  all?: boolean;
  /** Only of `identifyPerson`: the dir that failed, and how many after it were not gone through because of that. */
  failedDir?: number;
  notRun?: number;
  /** Only of `resetFaces`. */
  forget?: 'names' | 'faces';
  thenRescan?: boolean;
  /** Of a job that looks for faces again: where it began, and how many pictures it looks at. */
  rescan?: { before: number; outdated: boolean; total: number };
  /** Only of `removeMissing`: what a person is asked about. The job goes on when it has been answered. */
  asks?: { files: number; of: number };
  /** Only of `scheduled`. */
  what?: ScheduleName;
  /** Only of `engine`. */
  state?: EngineState;
  since?: string;
}

export const memoKey = 'job';
