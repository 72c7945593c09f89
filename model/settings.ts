import Type, { type Static } from 'typebox';

/** Absolute path of a root as text. A Windows drive such as `C:` is kept as written and is simply missing elsewhere. */
export const RootPath = Type.String({ minLength: 1, maxLength: 4096, pattern: '^[^\\u0000]+$' });

/**
 * What a user can set, one schema for database, form and API. `importPaths` and `storagePaths` live in table `root`,
 * the others as rows of table `setting`.
 */
export const Settings = Type.Object(
  {
    importPaths: Type.Array(RootPath, { maxItems: 100, title: 'Import paths' }),
    storagePaths: Type.Array(RootPath, { maxItems: 100, title: 'Storage paths' }),
    ignore: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
      maxItems: 500,
      title: 'Ignore patterns',
      description:
        'Names of files and directories that are never looked at, one a line. * and ? stand for other characters; ' +
        'a pattern that ends in / is for directories only.',
      default: [
        '.*/',
        '.DS_Store',
        '._*',
        '.stfolder',
        'Thumbs.db',
        'ehthumbs.db',
        'desktop.ini',
        '@eaDir',
        '#recycle',
        '#snapshot',
        '$RECYCLE.BIN',
        'System Volume Information',
        'lost+found',
      ],
    }),
    ioWorkers: Type.Integer({
      minimum: 1,
      maximum: 64,
      title: 'Pictures read at once',
      description: 'How many decoders the io worker may run side by side.',
      default: 2,
    }),
    chainWindow: Type.Integer({
      minimum: 1,
      maximum: 64,
      title: 'Directories imported at once',
      description: 'How many directories of a path an import works on side by side.',
      default: 4,
    }),
    missingDays: Type.Integer({
      minimum: 1,
      maximum: 3650,
      title: 'Days until missing files are forgotten',
      description:
        'Files that are gone leave the pages at once. What is known of them is kept this long, for them to be found again.',
      default: 30,
    }),
    missingShare: Type.Number({
      minimum: 0,
      maximum: 100,
      title: 'Share of files that may be gone at once',
      description:
        'Percent of a path. When more are gone you are asked before they are taken for missing; 20 files always may, ' +
        'as far as the next setting allows.',
      default: 10,
    }),
    missingFiles: Type.Integer({
      minimum: 0,
      maximum: 1_000_000,
      title: 'Files that may be gone at once',
      description: 'You are asked when more are gone, however small their share.',
      default: 500,
    }),
    junk: Type.Array(Type.String({ minLength: 1, maxLength: 255 }), {
      maxItems: 100,
      title: 'Junk in emptied directories',
      description:
        'Names of files that do not keep a directory from being empty, one a line. When a plan removes emptied ' +
        'directories, these go with them.',
      default: ['.DS_Store', 'Thumbs.db', 'ehthumbs.db', 'desktop.ini'],
    }),
    checkShare: Type.Number({
      minimum: 0,
      maximum: 100,
      title: 'Share of files checked each night',
      description:
        'Percent of a storage path that is read again and compared with what it held: damage of the disk is found that way. 0: none.',
      default: 1,
    }),
    watchImports: Type.Boolean({
      title: 'Notice new files',
      description: 'Import paths are watched, and what is new in them is imported by itself.',
      default: true,
    }),
    settleSeconds: Type.Integer({
      minimum: 1,
      maximum: 3600,
      title: 'Seconds until new files are imported',
      description: 'So long nothing must have changed in the path, so that what is copied is complete.',
      default: 10,
    }),
    rescanHours: Type.Number({
      minimum: 0,
      maximum: 720,
      multipleOf: 0.25,
      title: 'Hours between rescans',
      description: 'All paths are looked through and imported this often, also those that can’t be watched. 0: never.',
      default: 24,
    }),
    nightlyAt: Type.String({
      pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
      title: 'Time of daily jobs',
      description:
        'When faces are looked for where that is still to be done, files are checked, and what is gone for long is forgotten.',
      default: '03:00',
    }),
    quietFrom: Type.String({
      pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9])?$',
      title: 'Quiet hours from',
      description: 'In the quiet hours nothing is started by itself. What you start runs at once.',
      default: '',
    }),
    quietTo: Type.String({
      pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9])?$',
      title: 'Quiet hours to',
      description: 'What was held back until then is done now. Without either of both there are no quiet hours.',
      default: '',
    }),
    cpuShare: Type.Integer({
      minimum: 1,
      maximum: 100,
      title: 'Share of the processors',
      description: 'Percent of all processors that each worker may use for what nobody waits for.',
      default: 100,
    }),
    diskRate: Type.Integer({
      minimum: 0,
      maximum: 100_000,
      title: 'Megabytes a second from disks',
      description: 'So much each worker may read and write for what nobody waits for. 0: no limit.',
      default: 0,
    }),
    pauseOnBattery: Type.Boolean({
      title: 'Wait while on battery',
      description: 'What nobody waits for rests while the machine runs on battery.',
      default: false,
    }),
    pauseAboveLoad: Type.Integer({
      minimum: 0,
      maximum: 100,
      title: 'Wait while others use more than',
      description:
        'Percent of all processors. What nobody waits for rests while other programs use more. 0: it never does.',
      default: 0,
    }),
    diskFrom: Type.String({
      pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9])?$',
      title: 'Disks are used from',
      description: 'Outside of these hours the disks of your paths are not woken for what nobody waits for.',
      default: '',
    }),
    diskTo: Type.String({
      pattern: '^(([01][0-9]|2[0-3]):[0-5][0-9])?$',
      title: 'Disks are used to',
      description: 'Without either of both they are used at any time.',
      default: '',
    }),
    notifyUrl: Type.String({
      maxLength: 2000,
      // No user and password in it: they would be shown wherever settings are.
      pattern: '^(https?://[^\\s/@]+(/\\S*)?)?$',
      title: 'Tell this address',
      description: 'An address (http or https) that takes JSON, or a topic of ntfy. It is told what is ticked below.',
      default: '',
    }),
    notifyFailures: Type.Boolean({
      title: 'Tell when a job failed',
      description: 'With its reason.',
      default: true,
    }),
    notifyApprovals: Type.Boolean({
      title: 'Tell when a job asks',
      description: 'Such as whether so many files are really gone.',
      default: true,
    }),
    notifyImports: Type.Boolean({
      title: 'Tell when an import is done',
      description: 'One that found something new.',
      default: true,
    }),
    lookForFaces: Type.Boolean({
      title: 'Look for faces',
      description: 'Whether faces are looked for in new pictures. What was found before is kept.',
      default: true,
    }),
    faceDetector: Type.Enum(['combined', 'ssd', 'tiny'], {
      title: 'Detector',
      description:
        'Combined finds most: a large network, and a small one for big faces and for what is doubtful. ' +
        'ssd is the large one alone, tiny the small one alone, which is fast and misses small faces.',
      default: 'combined',
    }),
    faceTiles: Type.Enum(['as needed', 'always', 'never'], {
      title: 'Look at parts of pictures',
      description: 'Small faces are found in parts of a picture only. Always takes some seven times as long.',
      default: 'as needed',
    }),
    faceMinScore: Type.Number({
      minimum: 0.05,
      maximum: 0.95,
      title: 'Least score of a face',
      description: 'Below this the detector is not sure enough that it is a face.',
      default: 0.25,
    }),
    faceMinSize: Type.Integer({
      minimum: 12,
      maximum: 1000,
      title: 'Least size of a face',
      description: 'Pixels of the picture that is looked at, which is 1440 pixels long.',
      default: 16,
    }),
    nameThreshold: Type.Number({
      minimum: 0.2,
      maximum: 0.8,
      title: 'Largest distance for a name',
      description:
        'A face that is no farther from a reference image than this gets that name. Strangers are mostly over 0.6.',
      default: 0.54,
    }),
    namePerhaps: Type.Number({
      minimum: 0,
      maximum: 0.2,
      title: 'Room for “perhaps”',
      description: 'Up to this much farther a face is perhaps that person, and you are asked.',
      default: 0.06,
    }),
    nameMargin: Type.Number({
      minimum: 0,
      maximum: 0.3,
      title: 'Least margin to the second best',
      description: 'A name is only sure where the next person is farther away by this much.',
      default: 0,
    }),
    oncePerPhoto: Type.Boolean({
      title: 'One face a person and photo',
      description: 'Nobody is in a photo twice. Switch it off for collages and mirrors.',
      default: true,
    }),
  },
  { additionalProperties: false },
);
export type Settings = Static<typeof Settings>;

/** The settings kept as rows of table `setting`; the paths are rows of table `root`. */
export const StoredSettings = Type.Omit(Settings, ['importPaths', 'storagePaths']);
export type StoredSettings = Static<typeof StoredSettings>;
