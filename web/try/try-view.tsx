import type { Job } from '../../model/job.ts';
import type { TriedFile } from '../../model/tried-file.ts';
import { jobUrl } from '../jobs/job-url.ts';
import { Name } from '../parts.tsx';
import { Facts } from '../photos/facts.tsx';
import { MetadataTable } from '../photos/metadata-table.tsx';
import { WhatWentWrong } from '../photos/photo-view.tsx';
import { counted } from '../words.ts';
import { Form } from '../form.tsx';

/** Where files are dropped to see what would be made of them. */
export const TryPage = ({ mostFiles }: { mostFiles: number }) => (
  <div class="page">
    <h1>Try files</h1>
    <p>
      See what would be made of photos, videos and their sidecars: the picture, its date and why, the place, what
      belongs together, and what is wrong. Nothing is added to the library.
    </p>
    <p class="quiet">
      Browsers do not tell when a file was last changed: where only that would date it, the time of the trial stands in.
    </p>
    <Form class="card stack drop" action="/try/file" enctype="multipart/form-data">
      <label for="files">Drop files here or choose them, up to {mostFiles} at once</label>
      <input id="files" type="file" name="files" multiple required />
      <p class="buttons">
        <button class="primary">Try</button>
      </p>
    </Form>
  </div>
);

/** While the files are read: a look every second whether they are. */
export function Waiting({ trial, job }: { trial: string; job: Job | null }) {
  const failed = job !== null && job.endedAt !== null;
  return (
    <div
      class="page"
      {...(!failed && {
        'hx-get': `/try/file/${trial}`,
        'hx-trigger': 'every 1s',
        'hx-select': '#main',
        'hx-target': '#main',
        'hx-swap': 'outerHTML',
      })}
    >
      <h1>Try files</h1>
      {failed ? (
        <div class="failure">
          <p>
            <strong>{job.error?.message ?? 'The files were not read.'}</strong> <a href={jobUrl(job.id)}>See the job</a>
          </p>
        </div>
      ) : (
        <>
          <p role="status">The files are being read.</p>
          <progress aria-label="Reading" />
          <noscript>
            <p>
              <a href={`/try/file/${trial}`}>Look again</a>
            </p>
          </noscript>
        </>
      )}
    </div>
  );
}

interface TrialPageProps {
  trial: string;
  files: TriedFile[];
  /** In which file's tags something is sought, and what. */
  sought: { file: number; find: string };
}

/** What would be made of the files. */
export const TrialPage = ({ trial, files, sought }: TrialPageProps) => (
  <div class="page">
    <div class="head">
      <h1>{counted(files.length, 'file')} tried</h1>
      <a class="button" href="/try/file">
        Try others
      </a>
    </div>
    {files.map((file) => (
      <TriedCard trial={trial} file={file} files={files} find={sought.file === file.id ? sought.find : ''} />
    ))}
  </div>
);

interface TriedCardProps {
  trial: string;
  file: TriedFile;
  files: TriedFile[];
  find: string;
}

function TriedCard({ trial, file, files, find }: TriedCardProps) {
  const { metadata, warnings } = file;
  return (
    <section class="card tried" id={`file-${file.id}`}>
      <figure>
        {file.thumb && file.hash !== null ? (
          <img src={`/try/file/${trial}/${file.hash}.webp`} alt={file.name} />
        ) : (
          <div class="blank">
            <span class="kind">{file.type}</span>
            <p>There is no picture of it.</p>
          </div>
        )}
      </figure>
      <div class="stack">
        <h2>
          <Name>{file.name}</Name>
        </h2>
        {file.error && <WhatWentWrong error={file.error} shown={file.thumb} />}
        <p>{belonging(file, files)}</p>
        <Facts file={file} details={file} dir={undefined} />
        {warnings.length > 0 && (
          <p class="quiet">
            ExifTool warns: <bdi>{warnings.join('; ')}</bdi>
          </p>
        )}
        {metadata && (
          <MetadataTable
            tags={metadata}
            find={find}
            action={`/try/file/${trial}`}
            hidden={{ file: String(file.id) }}
            id={`metadata-${file.id}`}
          />
        )}
      </div>
    </section>
  );
}

/** How it would be shown among the others. */
function belonging(file: TriedFile, files: readonly TriedFile[]) {
  const main = files.find(({ id }) => id === file.main);
  if (main) {
    return (
      <>
        It would be a part of <Name>{main.name}</Name>.
      </>
    );
  }
  const parts = files.filter((other) => other.main === file.id);
  if (parts.length > 0) {
    return (
      <>It would be shown as one picture with {parts.map((part, i) => [i > 0 && ', ', <Name>{part.name}</Name>])}.</>
    );
  }
  if (file.type === 'other') return <>It would not be shown among the photos: it is neither a picture nor a video.</>;
  if (file.type === 'sidecar')
    return <>It would belong to a picture of the same name, which is not among these files.</>;
  return <>It would be a picture of its own.</>;
}
