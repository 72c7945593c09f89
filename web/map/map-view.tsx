import type { MapCell, PlaceCount } from '../../sql/map.ts';
import { Empty, Name } from '../parts.tsx';
import { countryInWords, placeInWords, placeKey } from '../photos/place-words.ts';
import { count, counted } from '../words.ts';
import { clustersOf, leadsTo, picturesUrl, type Cluster } from './clusters.ts';
import { labelBelow, labelledOf } from './labels.ts';
import type { Outlines } from './outlines.ts';
import { scaleOf } from './scale.ts';
import { isDeepest, moved, zoomed, type View } from './view.ts';

export interface MapPageProps {
  view: View;
  cells: MapCell[];
  places: PlaceCount[];
  outlines: Outlines;
}

/** Circles are joined for a map of this many pixels; map.css shows the ones that fit. */
const widths = { wide: 900, narrow: 340 };

/** The world, or a part of it, with the pictures that were taken there. */
export function MapPage({ view, cells, places, outlines }: MapPageProps) {
  const near = view.shape === 'near';
  const total = cells.reduce((sum, cell) => sum + cell.count, 0);
  return (
    <div class="page atlas">
      <div class="head">
        <h1>Map</h1>
        {(near || total > 0) && <Steering view={view} />}
      </div>
      {total === 0 && !near ? (
        <Empty>Pictures and videos that know where they were taken appear here, as soon as they are read.</Empty>
      ) : (
        <>
          <p class="lead numbers">
            {near && total > 0 ? (
              <a href={picturesUrl(view.box)}>{counted(total, 'photo')} taken here</a>
            ) : (
              `${counted(total, 'photo')}${near ? ' taken here' : ', by where they were taken'}`
            )}
          </p>
          <div class={`atlas-parts ${view.shape}`}>
            <div class="map-frame">
              <WorldMap view={view} cells={cells} outlines={outlines} />
            </div>
            {places.length > 0 && <Places places={places} />}
          </div>
        </>
      )}
    </div>
  );
}

function Steering({ view }: { view: View }) {
  const near = view.shape === 'near';
  return (
    <nav class="buttons" aria-label="Move the map">
      {near && (
        <>
          <Step href={moved(view, -0.5, 0)} name="West" sign="←" />
          <Step href={moved(view, 0, 0.5)} name="North" sign="↑" />
          <Step href={moved(view, 0, -0.5)} name="South" sign="↓" />
          <Step href={moved(view, 0.5, 0)} name="East" sign="→" />
          <Step href={zoomed(view, 2)} name="Zoom out" sign="−" />
        </>
      )}
      {!isDeepest(view) && <Step href={zoomed(view, 0.5)} name="Zoom in" sign="+" />}
      {near && (
        <a class="button" href="/map">
          Whole world
        </a>
      )}
    </nav>
  );
}

const Step = ({ href, name, sign }: { href: string; name: string; sign: string }) => (
  <a class="button" href={href} aria-label={name} title={name}>
    <span aria-hidden="true">{sign}</span>
  </a>
);

/**
 * The circles keep their size in pixels, and the land is stretched behind them: parts of the width say where they are.
 * Phones get fewer of them.
 */
const WorldMap = ({ view, cells, outlines }: Omit<MapPageProps, 'places'>) => (
  <svg class={`map ${view.shape}`} role="group" aria-label="Where the photos were taken">
    <svg
      class="outlines"
      viewBox={`0 0 ${outlines.width} ${outlines.height}`}
      preserveAspectRatio="none"
      width="100%"
      height="100%"
      aria-hidden="true"
    >
      <path class="land" d={outlines.land} />
      <path class="borders" d={outlines.borders} />
    </svg>
    {view.shape === 'near' && <Scale view={view} />}
    {(['wide', 'narrow'] as const).map((name) => (
      <Circles name={name} clusters={clustersOf(cells, view, widths[name])} view={view} />
    ))}
  </svg>
);

function Circles({ name, clusters, view }: { name: 'wide' | 'narrow'; clusters: Cluster[]; view: View }) {
  const labelled = labelledOf(clusters, view, widths[name]);
  return (
    <g class={`circles ${name}`}>
      {clusters.map((cluster) => (
        <Circle cluster={cluster} labelled={labelled.has(cluster)} view={view} />
      ))}
    </g>
  );
}

function Circle({ cluster, labelled, view }: { cluster: Cluster; labelled: boolean; view: View }) {
  const name = nameOf(cluster);
  const [x, y] = [percent(cluster.x), percent(cluster.y)];
  return (
    <a href={leadsTo(cluster, view)}>
      <title>{name}</title>
      <circle cx={x} cy={y} r={cluster.radius} />
      {cluster.count > 1 && (
        <text x={x} y={y} dy="0.35em">
          {inShort(cluster.count)}
        </text>
      )}
      {labelled && (
        <text class="town" x={x} y={y} dy={cluster.radius + labelBelow}>
          {cluster.place?.town}
        </text>
      )}
    </a>
  );
}

const percent = (part: number): string => `${(100 * part).toFixed(2)}%`;

const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 2 });

/** `843`, `1.2K`, `14K` */
const inShort = (n: number): string => (n < 1000 ? String(n) : compact.format(n));

/** `12 photos near Paris, France` */
function nameOf({ count, place }: Cluster): string {
  const photos = counted(count, 'photo');
  return place === null ? photos : `${photos} near ${place.town}, ${countryInWords(place.country)}`;
}

function Scale({ view }: { view: View }) {
  const { metres, part } = scaleOf(view);
  return (
    <g class="scale" aria-hidden="true">
      <line x1="0" x2={percent(part)} y1="100%" y2="100%" transform="translate(14 -14)" />
      <text x="14" y="100%" dy="-20">
        {metres < 1000 ? `${metres} m` : `${count(metres / 1000)} km`}
      </text>
    </g>
  );
}

const Places = ({ places }: { places: PlaceCount[] }) => (
  <section class="places">
    <h2>Places</h2>
    <ul>
      {places.map((place) => (
        <li>
          <a href={`/?${new URLSearchParams({ place: placeKey(place) })}`}>
            <Name>{placeInWords(place)}</Name>
          </a>{' '}
          <span class="quiet numbers">
            {count(place.count)}
            <span class="sr"> {place.count === 1 ? 'photo' : 'photos'}</span>
          </span>
        </li>
      ))}
    </ul>
  </section>
);
