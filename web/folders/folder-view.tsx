import type { FaceTrialSettings } from '../../model/face-trial.ts';
import type { Dir, PhotoTile } from '../../model/library.ts';
import { IfMay } from '../form.tsx';
import { ActionForm, Ago, Empty, Name } from '../parts.tsx';
import { TryPanel } from '../try-faces/try-form.tsx';
import { Tile, Tiles } from '../photos/tile.tsx';
import { count, counted } from '../words.ts';

export interface FolderPageProps {
  trail: Dir[];
  dir: Dir;
  subdirs: { dirs: Dir[]; next: number | null };
  files: { files: PhotoTile[]; next: string | null };
  onlyFailed: boolean;
  /** Files are chosen, to be sorted. */
  choosing: boolean;
  /** As they are saved. */
  settings: FaceTrialSettings;
}

/** The last part of a dir's path; the whole path for a root's own dir. */
const shortName = (dir: Dir): string =>
  dir.pathPrefix === '' ? dir.path : (dir.pathPrefix.split('/').at(-1) ?? dir.path);

/** One dir: its sub-dirs, and every file in it. */
export function FolderPage({ trail, dir, subdirs, files, onlyFailed, choosing, settings }: FolderPageProps) {
  const here = `/folders/${dir.id}`;
  const more = (key: string, value: string | number) =>
    `${here}?${new URLSearchParams({ [key]: String(value), ...(onlyFailed && { failed: '1' }), ...(choosing && { choose: '1' }) })}`;
  return (
    <div class="page">
      <nav class="crumbs" aria-label="Where this is">
        <a href="/folders">Folders</a>
        {trail.slice(0, -1).map((above) => (
          <>
            <span aria-hidden="true">›</span>
            <a href={`/folders/${above.id}`}>
              <Name>{shortName(above)}</Name>
            </a>
          </>
        ))}
      </nav>
      <div class="head">
        <h1>
          <Name>{shortName(dir)}</Name>
        </h1>
        <div class="buttons">
          <ActionForm action="/jobs/start" back={here}>
            <input type="hidden" name="kind" value="dirChain" />
            <input type="hidden" name="dir" value={dir.id} />
            <button>Scan again</button>
          </ActionForm>
          <a class="button" href={`/people/scans?dir=${dir.id}`}>
            Scan faces again
          </a>
          <IfMay right="run">
            <a class="button" href={`/sorter?dir=${dir.id}#make`}>
              Sort these files…
            </a>
          </IfMay>
        </div>
      </div>
      <p class="lead numbers">
        {counted(dir.numFiles, 'file')} · {count(dir.numRead)} read
        {dir.numFailed > 0 && (
          <>
            {' · '}
            <a href={onlyFailed ? here : `${here}?failed=1`}>
              {onlyFailed ? 'show all' : `${count(dir.numFailed)} with an error`}
            </a>
          </>
        )}
        {dir.lastScan !== null && (
          <>
            {' · scanned '}
            <Ago at={dir.lastScan} />
          </>
        )}
      </p>
      {dir.error && (
        <div class="failure">
          <p>
            <strong>{dir.error.message}</strong> Its files are kept as they were known. <code>{dir.error.code}</code>
          </p>
        </div>
      )}
      {dir.numPictures > 0 && <TryPanel settings={settings} on={{ dir }} />}
      {subdirs.dirs.length > 0 && (
        <>
          <h2>Directories in it</h2>
          <SubDirs dirs={subdirs.dirs} />
          {subdirs.next !== null && (
            <p class="more">
              <a class="button" href={more('dirs', subdirs.next)}>
                More directories
              </a>
            </p>
          )}
        </>
      )}
      <h2>{onlyFailed ? 'Files with an error' : 'Files'}</h2>
      {files.files.length === 0 ? (
        <Empty>{onlyFailed ? 'No file has an error.' : 'Files that lie directly in this directory appear here.'}</Empty>
      ) : onlyFailed ? (
        <FailedFiles files={files.files} />
      ) : choosing ? (
        <form method="get" action="/sorter#make">
          <p class="buttons choosing">
            <button class="primary">Sort the chosen ones…</button>
            <a class="button" href={here}>
              Choose none
            </a>
          </p>
          <ul class="grid">
            {files.files.map((file) => (
              <Tile file={file} dir={dir.id} choosable />
            ))}
          </ul>
        </form>
      ) : (
        <>
          <IfMay right="run">
            <p class="choosing">
              <a href={`${here}?choose=1`}>Choose files to sort</a>
            </p>
          </IfMay>
          <Tiles files={files.files} dir={dir.id} />
        </>
      )}
      {files.next !== null && (
        <p class="more">
          <a class="button" href={more('files', files.next)}>
            More files
          </a>
        </p>
      )}
    </div>
  );
}

const SubDirs = ({ dirs }: { dirs: readonly Dir[] }) => (
  <ul class="dirs">
    {dirs.map((sub) => (
      <li>
        <a href={`/folders/${sub.id}`}>
          <Name>{shortName(sub)}</Name>
        </a>
        <span class="quiet numbers">
          {counted(sub.numFiles, 'file')}
          {sub.error ? ' · could not be read' : sub.numFailed > 0 ? ` · ${count(sub.numFailed)} with an error` : ''}
        </span>
      </li>
    ))}
  </ul>
);

const FailedFiles = ({ files }: { files: PhotoTile[] }) => (
  <ul class="dirs">
    {files.map((file) => (
      <li>
        <a href={`/photos/${file.id}?dir=${file.dir}`}>
          <Name>{file.name}</Name>
        </a>
        <span class="quiet">{file.error?.message}</span>
      </li>
    ))}
  </ul>
);
