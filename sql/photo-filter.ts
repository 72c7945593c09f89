import type { PhotoFilter } from '../model/library.ts';
import { searchWords } from '../model/search.ts';
import type { Queries } from './database.ts';

/** Formats of sensor data, as ExifTool names them. */
const rawFormats = [
  ...['3FR', 'ARI', 'ARW', 'BTF', 'CR2', 'CR3', 'CRW', 'DCR', 'DNG', 'ERF', 'FFF', 'GPR', 'IIQ', 'K25', 'KDC', 'MEF'],
  ...['MOS', 'MRW', 'NEF', 'NRW', 'ORF', 'PEF', 'RAF', 'RAW', 'RW2', 'RWL', 'SR2', 'SRF', 'SRW', 'STI', 'X3F'],
];

/** A filter, of which any part may be left out. */
export type Wishes = { readonly [part in keyof PhotoFilter]: PhotoFilter[part] | undefined };

/** The conditions of a filter on `file` and `content`, to follow a WHERE; none where it asks for nothing. */
export function fitting(sql: Queries, filter: Wishes) {
  const { q, from, to, camera, place, type, rating, tag, person, box } = filter;
  return sql`
    ${from === undefined ? sql`` : sql`AND file.taken_at >= ${from}::text::date`}
    ${to === undefined ? sql`` : sql`AND file.taken_at < ${to}::text::date + 1`}
    ${q === undefined ? sql`` : sql`AND ${hasWords(sql, q)}`}
    ${camera === undefined ? sql`` : sql`AND content.camera = ${camera}`}
    ${place === undefined ? sql`` : inPlace(sql, place)}
    ${type === undefined ? sql`` : ofType(sql, type)}
    ${rating === undefined ? sql`` : sql`AND file.rating >= ${rating}`}
    ${tag === undefined ? sql`` : sql`AND file.labels <> '{}' AND file.labels @> ${[tag]}::text[]`}
    ${person === undefined ? sql`` : withPerson(sql, person)}
    ${box === undefined ? sql`` : inBox(sql, box)}`;
}

/** The file is found by all words of a text. */
const hasWords = (sql: Queries, text: string) => sql`file.search @@ ${wordQuery(text)}::text::tsquery`;

/** All words, each as the beginning of one; they hold letters or digits only. A query without any finds nothing. */
function wordQuery(text: string): string {
  const words = searchWords(text);
  return words.map((word) => `'${word}':*`).join(' & ');
}

function inPlace(sql: Queries, place: string) {
  const [country = '', region, ...town] = place.split('|');
  return sql`
    AND content.country = ${country}
    ${region === undefined ? sql`` : sql`AND content.region = ${region}`}
    ${town.length === 0 ? sql`` : sql`AND content.town = ${town.join('|')}`}`;
}

function ofType(sql: Queries, type: NonNullable<PhotoFilter['type']>) {
  if (type === 'image' || type === 'video') return sql`AND file.type = ${type}`;
  const part = type === 'raw' ? 'raw' : 'video';
  const itself = type === 'raw' ? sql`content.format = ANY (${rawFormats})` : sql`content.clip_length IS NOT NULL`;
  return sql`
    AND (${itself} OR EXISTS (SELECT FROM file p WHERE p.main_id = file.id AND p.part = ${part} AND p.missing_since IS NULL))`;
}

function withPerson(sql: Queries, person: number) {
  return sql`
    AND file.id IN (SELECT l.file_id FROM file_person_link l WHERE l.person_id = ${person} AND l.state <> 'rejected')`;
}

/** West of the date line to east of it is a box of two halves. */
function inBox(sql: Queries, box: string) {
  const [west = 0, south = 0, east = 0, north = 0] = box.split(',').map(Number);
  const across = west > east;
  return sql`
    AND content.latitude BETWEEN ${south} AND ${north}
    AND ${
      across
        ? sql`(content.longitude >= ${west} OR content.longitude <= ${east})`
        : sql`content.longitude BETWEEN ${west} AND ${east}`
    }`;
}
