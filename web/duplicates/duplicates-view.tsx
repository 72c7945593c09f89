import type { PhotoFile } from '../../model/library.ts';
import type { DuplicateGroup, Duplicates } from '../../sql/duplicates.ts';
import { Ago, Empty, Name } from '../parts.tsx';
import { bytes, count, counted, dayInWords } from '../words.ts';

/** Contents that several files hold, those first that take most space more than needed. */
export function DuplicatesPage({ groups, next, total }: Duplicates) {
  return (
    <div class="page">
      <nav class="crumbs" aria-label="Where this is">
        <a href="/folders">Folders</a>
      </nav>
      <div class="head">
        <h1>Duplicates</h1>
      </div>
      {total.groups === 0 ? (
        <Empty>Files that are the same, byte for byte, appear here. There are none.</Empty>
      ) : (
        <>
          <p class="lead numbers">
            {counted(total.groups, 'group')}, {bytes(total.bytes)} more than needed. The files of a group are the same,
            byte for byte. Nothing is changed here.
          </p>
          <ul class="copies">
            {groups.map((group) => (
              <Group group={group} />
            ))}
          </ul>
        </>
      )}
      {next !== null && (
        <p class="more">
          <a class="button" href={`/duplicates?${new URLSearchParams({ cursor: next })}`}>
            More duplicates
          </a>
        </p>
      )}
    </div>
  );
}

function Group({ group: { hash, size, count: copies, files } }: { group: DuplicateGroup }) {
  return (
    <li id={`copies-${hash.slice(0, 16)}`} class="card">
      <Picture hash={hash} file={files[0]} />
      <div>
        <h2 class="numbers">
          {counted(copies, 'file')} of {bytes(size)}{' '}
          <small class="quiet">{bytes(size * (copies - 1))} more than needed</small>
        </h2>
        <ul class="files">
          {files.map((file) => (
            <li>
              <a href={`/photos/${file.id}`}>
                <Name>{file.path}</Name>
              </a>
              <span class="quiet numbers">
                {file.takenAt !== null && file.takenSource !== 'file time' && `taken ${dayInWords(file.takenAt)} · `}
                changed <Ago at={file.mtime} /> · {bytes(file.size)}
              </span>
            </li>
          ))}
        </ul>
        {copies > files.length && <p class="quiet">And {count(copies - files.length)} more.</p>}
      </div>
    </li>
  );
}

const Picture = ({ hash, file }: { hash: string; file: PhotoFile | undefined }) =>
  file?.thumb ? (
    <img src={`/thumbs/${hash}-320.webp`} alt="" loading="lazy" decoding="async" />
  ) : (
    <span class="blank">{file?.type ?? 'file'}</span>
  );
