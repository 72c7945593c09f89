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
  },
  { additionalProperties: false },
);
export type Settings = Static<typeof Settings>;

/** The settings kept as rows of table `setting`; the paths are rows of table `root`. */
export const StoredSettings = Type.Omit(Settings, ['importPaths', 'storagePaths']);
export type StoredSettings = Static<typeof StoredSettings>;
