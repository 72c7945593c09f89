import Type, { type Static } from 'typebox';

const Day = Type.String({ pattern: '^(\\d{4}-\\d{2}-\\d{2})?$' });

/** The query of the timeline. `day` is the day the page before ended with. Empty values are no filters. */
export const TimelineQuery = Type.Object({
  q: Type.Optional(Type.String({ maxLength: 255 })),
  from: Type.Optional(Day),
  to: Type.Optional(Day),
  cursor: Type.Optional(Type.String({ maxLength: 500 })),
  day: Type.Optional(Day),
});
export type TimelineQuery = Static<typeof TimelineQuery>;

export const PhotoParams = Type.Object({ id: Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 }) });
export const PhotoQuery = Type.Object({ dir: Type.Optional(Type.Integer({ minimum: 1, maximum: 2 ** 31 - 1 })) });

export const ThumbParams = Type.Object({
  hash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  size: Type.Enum(['320', '1440']),
});
