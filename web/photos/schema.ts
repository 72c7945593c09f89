import Type, { type Static } from 'typebox';
import { PhotoFilter } from '../../model/library.ts';

/** What a form sends: every field, empty where nothing is asked for. */
const empty = Type.Literal('');
const orEmpty = <T extends Type.TSchema>(schema: T) => Type.Optional(Type.Union([empty, schema]));
const { q, from, to, camera, place, type, tag, box } = PhotoFilter.properties;

/** The query of the timeline. `day` is the day the page before ended with. Empty values are no filters. */
export const TimelineQuery = Type.Object({
  q,
  from: orEmpty(from),
  to: orEmpty(to),
  camera,
  place,
  type: orEmpty(type),
  rating: Type.Optional(Type.Enum(['', '1', '2', '3', '4', '5'])),
  tag,
  person: orEmpty(Type.String({ pattern: '^[1-9]\\d{0,8}$' })),
  box: orEmpty(box),
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
  day: orEmpty(from),
});
export type TimelineQuery = Static<typeof TimelineQuery>;

/** What the query asks for. */
export function filterOf({ q, from, to, camera, place, type, tag, person, box, rating }: TimelineQuery): PhotoFilter {
  const asked = Object.entries({ q, from, to, camera, place, type, tag, box });
  const given = Object.fromEntries(asked.filter(([, value]) => value !== undefined && value !== ''));
  return { ...given, ...(rating && { rating: Number(rating) }), ...(person && { person: Number(person) }) };
}

export const PhotoParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }) });
/** The dir the arrows stay in, and what is sought among the tags. */
export const PhotoQuery = Type.Object({
  dir: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 })),
  find: Type.Optional(Type.String({ maxLength: 100 })),
});

export const ThumbParams = Type.Object({
  hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  size: Type.Enum(['320', '1440']),
});
