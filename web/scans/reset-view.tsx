import type { ResetPreview } from '../../model/face-scans.ts';
import type { Dir } from '../../model/library.ts';
import { Empty, Name } from '../parts.tsx';
import { count, counted } from '../words.ts';
import { Form } from '../form.tsx';

/** What a reset would take away and what it keeps, before it is done. */
export function ResetPage({ preview, dir }: { preview: ResetPreview; dir: Dir | null }) {
  const { total, numDirs, dirs } = preview;
  const faces = total.faces - total.facesKept;
  const kept = `${counted(total.confirmed, 'confirmed name')}, ${counted(total.rejected, 'rejected name')} and ${counted(total.marked, 'face')} set aside`;
  return (
    <div class="page">
      <nav class="crumbs" aria-label="Where this is">
        <a href="/people">People</a>
        <span aria-hidden="true">›</span>
        <a href={dir ? `/people/scans?dir=${dir.id}` : '/people/scans'}>Scan faces again</a>
      </nav>
      <h1>Forget faces</h1>
      <p class="lead">
        {dir ? (
          <>
            In <Name>{dir.path}</Name>, this directory alone.
          </>
        ) : (
          'In all paths.'
        )}{' '}
        Nothing is done before you press a button.
      </p>
      {total.faces === 0 ? (
        <Empty>No face is known here: there is nothing to forget.</Empty>
      ) : (
        <div class="scans">
          <Choice
            title="Forget who they are"
            goes={[counted(total.auto, 'automatic name')]}
            stays={[kept, `${counted(total.faces, 'face')}, with the persons and their reference images`]}
            after="Everybody is looked for in all faces again; no picture is opened."
            forget="names"
            dir={dir}
            any={total.auto > 0}
            label={`Forget ${counted(total.auto, 'automatic name')}`}
          />
          <Choice
            title="Forget the faces, too"
            goes={[counted(total.auto, 'automatic name'), `${counted(faces, 'face')} nobody spoke on`]}
            stays={[
              kept,
              `${counted(total.facesKept, 'face')} you spoke on, with the persons and their reference images`,
            ]}
            after={`Faces are looked for again in ${counted(total.pictures, 'picture')}, about an hour for each ten thousand.`}
            forget="faces"
            dir={dir}
            any={faces > 0}
            label={`Forget ${counted(faces, 'face')}`}
          />
        </div>
      )}
      {dirs.length > 0 && <ByDir dirs={dirs} numDirs={numDirs} />}
    </div>
  );
}

interface ChoiceProps {
  title: string;
  goes: string[];
  stays: string[];
  after: string;
  forget: 'names' | 'faces';
  dir: Dir | null;
  /** Whether there is anything to forget. */
  any: boolean;
  label: string;
}

const Choice = ({ title, goes, stays, after, forget, dir, any, label }: ChoiceProps) => (
  <section class="card stack">
    <h2>{title}</h2>
    <dl class="facts numbers">
      <dt>Goes</dt>
      {goes.map((each) => (
        <dd>{each}</dd>
      ))}
      <dt>Stays</dt>
      {stays.map((each) => (
        <dd>{each}</dd>
      ))}
      <dt>Then</dt>
      <dd>{after}</dd>
    </dl>
    <Form action="/people/scans/reset" class="stack">
      {dir && <input type="hidden" name="dir" value={dir.id} />}
      <label class="check">
        <input type="checkbox" name="rescan" checked /> and find them anew straight away
      </label>
      <p>
        <button class="danger" name="forget" value={forget} disabled={!any}>
          {label}
        </button>
      </p>
    </Form>
  </section>
);

const ByDir = ({ dirs, numDirs }: Pick<ResetPreview, 'dirs' | 'numDirs'>) => (
  <>
    <h2>By directory</h2>
    {numDirs > dirs.length && (
      <p class="quiet">
        The {count(dirs.length)} with the most faces of {count(numDirs)}.
      </p>
    )}
    <div class="wide-table" tabIndex={0} role="region" aria-label="Faces by directory">
      <table class="changes numbers">
        <thead>
          <tr>
            <th scope="col">Directory</th>
            <th scope="col">Faces</th>
            <th scope="col">Automatic names</th>
            <th scope="col">Confirmed</th>
            <th scope="col">Rejected</th>
            <th scope="col">Set aside</th>
          </tr>
        </thead>
        <tbody>
          {dirs.map((dir) => (
            <tr>
              <th scope="row">
                <a href={`/people/scans/reset?dir=${dir.id}`}>
                  <Name>{dir.path}</Name>
                </a>
              </th>
              <td>{count(dir.faces)}</td>
              <td>{count(dir.auto)}</td>
              <td>{count(dir.confirmed)}</td>
              <td>{count(dir.rejected)}</td>
              <td>{count(dir.marked)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  </>
);
