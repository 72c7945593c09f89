import type { ComponentChildren } from 'preact';
import type { ScannedPictures } from '../../model/face-scans.ts';
import type { Dir, Root } from '../../model/library.ts';
import type { PersonToChoose } from '../../model/people.ts';
import { Ago, Empty, Name } from '../parts.tsx';
import { count, counted } from '../words.ts';
import { settingWords } from './setting-words.ts';
import { Form } from '../form.tsx';

export interface ScansPageProps {
  roots: Root[];
  /** Only this dir. */
  dir: Dir | null;
  people: PersonToChoose[];
  /** Who is chosen to be matched. */
  person: number | null;
  /** The pictures of the dir, or all, by how they were searched. */
  scanned: ScannedPictures[];
}

/** What each kind of scan does, costs and keeps, with what starts it. */
export function ScansPage({ roots, dir, people, person, scanned }: ScansPageProps) {
  const sum = (key: 'numPictures' | 'numSearched') => (dir ? dir[key] : roots.reduce((n, root) => n + root[key], 0));
  const [pictures, searched] = [sum('numPictures'), sum('numSearched')];
  const outdated = scanned.filter((each) => !each.today).reduce((n, each) => n + each.pictures, 0);
  const faces = scanned.reduce((n, each) => n + each.faces, 0);
  const where = <Where roots={roots} dir={dir} />;
  return (
    <div class="page">
      <nav class="crumbs" aria-label="Where this is">
        <a href="/people">People</a>
        {dir && (
          <>
            <span aria-hidden="true">›</span>
            <a href={`/folders/${dir.id}`}>
              <Name>{dir.path}</Name>
            </a>
          </>
        )}
      </nav>
      <h1>Scan faces again</h1>
      <p class="lead numbers">
        Faces were looked for in {count(searched)} of {counted(pictures, 'picture')}
        {outdated > 0 && `; in ${count(outdated)} of them otherwise than it would be done today`}.
      </p>
      <How scanned={scanned} />
      <div class="scans">
        <Scan
          title="New pictures only"
          does="Looks for faces in pictures in which that was not done yet, and finds out whose they are. Every import does this by itself."
          costs={`${counted(pictures - searched, 'picture')} to look at.`}
          keeps="All faces and names stay as they are."
        >
          <Start what="new" label="Look at new pictures">
            {where}
          </Start>
        </Scan>
        <Scan
          title="Match again"
          does="Compares the faces that are known with the reference images again. For after a change of a threshold, a margin or the reference images."
          costs={`No picture is opened: ${counted(faces, 'face')} take seconds to minutes.`}
          keeps="What you confirmed or rejected stays. Automatic names may come, go or change."
        >
          <Start what="match" label="Match again">
            <Where roots={[]} dir={dir} />
            <label>
              Who{' '}
              <select name="person">
                <option value="">everybody</option>
                {people.map(({ id, name }) => (
                  <option value={id} selected={id === person}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          </Start>
        </Scan>
        <Scan
          title="Look again where the settings were others"
          does="Looks for faces again in pictures that were scanned with another detector, other tiles, another least score or size, or other networks than today’s; then matches them."
          costs={`${counted(outdated, 'picture')} to look at, about an hour for each ten thousand.`}
          keeps={carriedOver}
        >
          <Start what="outdated" label="Look again at these">
            {where}
          </Start>
        </Scan>
        <Scan
          title="Look again at everything"
          does="Looks for faces again in all pictures, whatever they were scanned with; then matches them."
          costs={`${counted(pictures, 'picture')} to look at, about an hour for each ten thousand.`}
          keeps={carriedOver}
        >
          <Start what="again" label="Look again at everything">
            {where}
          </Start>
        </Scan>
        <Scan
          title="Forget and begin anew"
          does="Takes away automatic names, or the faces nobody spoke on as well. A page shows what would go and what stays before anything is done."
          costs="Seconds to minutes, and then the scan that finds them anew."
          keeps="What you confirmed, rejected or set aside stays."
        >
          <p>
            <a class="button" href={dir ? `/people/scans/reset?dir=${dir.id}` : '/people/scans/reset'}>
              See what would go
            </a>
          </p>
        </Scan>
      </div>
      {dir && (
        <p>
          <a href="/people/scans">All directories</a>
        </p>
      )}
    </div>
  );
}

const carriedOver =
  'Faces found at the same place keep their names and what you said of them. Faces you spoke on stay even where they are not found any more; others that are not found go.';

interface ScanProps {
  title: string;
  does: string;
  costs: string;
  keeps: string;
  children: ComponentChildren;
}

const Scan = ({ title, does, costs, keeps, children }: ScanProps) => (
  <section class="card stack">
    <h2>{title}</h2>
    <p>{does}</p>
    <dl class="facts numbers">
      <dt>Costs</dt>
      <dd>{costs}</dd>
      <dt>Keeps</dt>
      <dd>{keeps}</dd>
    </dl>
    {children}
  </section>
);

const Start = ({ what, label, children }: { what: string; label: string; children: ComponentChildren }) => (
  <Form action="/people/scans" class="inline">
    {children}
    <button name="do" value={what}>
      {label}
    </button>
  </Form>
);

const Where = ({ roots, dir }: { roots: readonly Root[]; dir: Dir | null }) =>
  roots.length === 0 && dir === null ? (
    <input type="hidden" name="where" value="all" />
  ) : (
    <label>
      Where{' '}
      <select name="where">
        {dir && <option value={`dir-${dir.id}`}>{dir.path}</option>}
        <option value="all">everywhere</option>
        {roots.map(({ id, path }) => (
          <option value={`root-${id}`}>{path}</option>
        ))}
      </select>
    </label>
  );

function How({ scanned }: { scanned: readonly ScannedPictures[] }) {
  if (scanned.length === 0) return <Empty>How pictures were scanned appears here.</Empty>;
  return (
    <table class="changes numbers">
      <caption class="sr">The pictures by how they were scanned</caption>
      <thead>
        <tr>
          <th scope="col">Scanned with</th>
          <th scope="col">Pictures</th>
          <th scope="col">Faces</th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody>
        {scanned.map((each) => (
          <tr>
            <td>
              {each.today ? <strong>as today</strong> : <strong>otherwise</strong>}
              <br />
              <bdi class="quiet">{settingWords(each)}</bdi>
            </td>
            <td>{count(each.pictures)}</td>
            <td>{count(each.faces)}</td>
            <td>
              <Ago at={each.last} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
