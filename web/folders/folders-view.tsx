import type { Root } from '../../model/library.ts';
import { IfMay } from '../form.tsx';
import { ActionForm, Ago, Empty, Name } from '../parts.tsx';
import { counted } from '../words.ts';

/** A configured path with the number of its own dir, once a scan has found it. */
export interface RootEntry {
  root: Root;
  dir: number | null;
}

/** The import and storage paths. */
export function FoldersPage({ roots }: { roots: RootEntry[] }) {
  return (
    <div class="page">
      <div class="head">
        <h1>Folders</h1>
        <p class="buttons">
          <IfMay right="run">
            <a class="button" href="/try/file">
              Try files
            </a>
          </IfMay>
          <a class="button" href="/duplicates">
            Duplicates
          </a>
          <IfMay right="own">
            <a class="button" href="/settings">
              Change the paths
            </a>
          </IfMay>
        </p>
      </div>
      {roots.length === 0 && (
        <Empty>The paths your pictures come from appear here. Name the first one in the settings.</Empty>
      )}
      <ul class="cards">
        {roots.map(({ root, dir }) => (
          <li class="card stack">
            <p class="quiet">{root.kind === 'import' ? 'Import path' : 'Storage path'}</p>
            <h2>
              {dir === null ? (
                <Name>{root.path}</Name>
              ) : (
                <a href={`/folders/${dir}`}>
                  <Name>{root.path}</Name>
                </a>
              )}
            </h2>
            <p class="quiet numbers">
              {counted(root.numFiles, 'file')} in {counted(root.dirs, 'directory', 'directories')} ·{' '}
              {counted(root.numRead, 'file')} read
              {root.numFailed > 0 && ` · ${counted(root.numFailed, 'file')} with an error`}
            </p>
            <p class="quiet">
              {root.lastScan === null ? (
                'Not scanned yet'
              ) : (
                <>
                  Scanned <Ago at={root.lastScan} />
                </>
              )}
            </p>
            <ActionForm action="/jobs/start" back="/folders">
              <input type="hidden" name="kind" value="importPath" />
              <input type="hidden" name="root" value={root.id} />
              <button aria-label={`Scan ${root.path} again`}>Scan again</button>
              <label class="check">
                <input type="checkbox" name="deep" /> look at every file
              </label>
            </ActionForm>
          </li>
        ))}
      </ul>
    </div>
  );
}
