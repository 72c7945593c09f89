import type { Person } from '../../model/people.ts';
import type { FilterOptions } from '../../sql/filter-options.ts';
import { once } from '../once.tsx';
import { dayInWords } from '../words.ts';
import { placeInWords, placeKey } from './place-words.ts';
import type { TimelineQuery } from './schema.ts';

interface FilterProps {
  query: TimelineQuery;
  options: FilterOptions;
  /** Who is on the pictures; null: anybody, or nobody. */
  person: Person | null;
}

/** What the timeline is narrowed to, and the form to narrow it: an address one can keep. */
export function Filters({ query, options, person }: FilterProps) {
  const choices = choicesOf(options);
  return (
    <>
      <form class="search" role="search" method="get" action="/">
        <label class="sr" for="q">
          Words of a name, title, description, tag or place
        </label>
        <input id="q" type="search" name="q" value={query.q ?? ''} placeholder="Search your photos" maxlength={255} />
        <button>Show</button>
        <details class="narrow">
          <summary>Narrow down</summary>
          <div class="fields">
            <Field name="from" label="from">
              <input id="from" type="date" name="from" value={query.from ?? ''} />
            </Field>
            <Field name="to" label="up to">
              <input id="to" type="date" name="to" value={query.to ?? ''} />
            </Field>
            <Choice name="type" label="what" value={query.type} all="everything" options={kinds} />
            <Choice name="rating" label="rating" value={query.rating} all="any" options={ratings} />
            <Choice name="camera" label="camera" value={query.camera} all="any" options={choices.cameras} />
            <Choice name="place" label="place" value={query.place} all="anywhere" options={choices.places} />
            <Choice name="tag" label="tag" value={query.tag} all="any" options={choices.tags} />
          </div>
        </details>
        {query.person && <input type="hidden" name="person" value={query.person} />}
        {query.box && <input type="hidden" name="box" value={query.box} />}
      </form>
      <Narrowed query={query} person={person} />
    </>
  );
}

type Option = readonly [value: string, label: string];
const same = (value: string): Option => [value, value];

type Choices = Record<'cameras' | 'places' | 'tags', readonly Option[]>;
const made = new WeakMap<FilterOptions, Choices>();

/** The same arrays for the same options, which are kept for a while. */
function choicesOf(options: FilterOptions): Choices {
  const { cameras, places, tags } = options;
  const choices = made.get(options) ?? {
    cameras: cameras.map(same),
    places: places.map((place): Option => [placeKey(place), placeInWords(place)]),
    tags: tags.map(same),
  };
  made.set(options, choices);
  return choices;
}

const kinds: readonly Option[] = [
  ['image', 'pictures'],
  ['video', 'videos'],
  ['raw', 'RAW'],
  ['live', 'Live and motion photos'],
];
const ratings: readonly Option[] = [1, 2, 3, 4, 5].map((n) => [
  String(n),
  n === 5 ? '★★★★★' : `${'★'.repeat(n)} and more`,
]);

const Field = ({ name, label, children }: { name: string; label: string; children: preact.ComponentChildren }) => (
  <p>
    <label for={name}>{label}</label>
    {children}
  </p>
);

interface ChoiceProps {
  name: string;
  label: string;
  value: string | undefined;
  /** What no choice means. */
  all: string;
  options: readonly Option[];
}

/** A list to choose from; what the address asks for is in it although the library may not hold it. */
function Choice({ name, label, value = '', all, options }: ChoiceProps) {
  const known = value === '' || options.some(([key]) => key === value);
  const offered = known ? options : [same(value), ...options];
  return (
    <Field name={name} label={label}>
      <select id={name} name={name}>
        <option value="">{all}</option>
        {value === '' ? (
          once(options, '', () => <Options options={options} />)
        ) : (
          <Options options={offered} chosen={value} />
        )}
      </select>
    </Field>
  );
}

const Options = ({ options, chosen }: { options: readonly Option[]; chosen?: string }) => (
  <>
    {options.map(([key, text]) => (
      <option value={key} selected={key === chosen}>
        {text}
      </option>
    ))}
  </>
);

/** Each thing the timeline is narrowed to, with a way to take it off. */
function Narrowed({ query, person }: Omit<FilterProps, 'options'>) {
  const { cursor: _, day: __, ...filters } = query;
  const given = Object.entries(filters).filter(([, value]) => value !== '');
  if (given.length === 0) return null;
  const inWords = (name: string, value: string) =>
    name === 'person' ? (person?.name ?? value) : filterInWords(name, value);
  return (
    <ul class="chips narrowed" aria-label="Narrowed to">
      {given.map(([name, value]) => (
        <li>
          <a
            href={`/?${new URLSearchParams(given.filter(([other]) => other !== name))}`}
            aria-label={`Without ${inWords(name, value)}`}
          >
            <bdi>{inWords(name, value)}</bdi> <span aria-hidden="true">×</span>
          </a>
        </li>
      ))}
      <li>
        <a class="quiet" href="/">
          Show all
        </a>
      </li>
    </ul>
  );
}

function filterInWords(name: string, value: string): string {
  if (name === 'from') return `from ${dayInWords(value)}`;
  if (name === 'to') return `up to ${dayInWords(value)}`;
  if (name === 'type') return kinds.find(([key]) => key === value)?.[1] ?? value;
  if (name === 'rating') return ratings.find(([key]) => key === value)?.[1] ?? value;
  if (name === 'box') return 'a part of the map';
  if (name === 'q') return `“${value}”`;
  if (name !== 'place') return value;
  const [country = '', region = '', ...town] = value.split('|');
  return placeInWords({ town: town.join('|'), region, country });
}
