import { CodedError, reportOf } from '../model/errors.ts';
import { parsePattern } from '../sorter/pattern.ts';
import { belongsTo, parseSorting } from '../sorter/rules.ts';
import type { Sorter } from '../web/deps.ts';

/** The sorter as the pages know it. */
export const sorter: Sorter = {
  check: (pattern) => {
    try {
      parsePattern(pattern);
      return null;
    } catch (error) {
      if (error instanceof CodedError) return reportOf(error);
      throw error;
    }
  },
  place: (rules, photos) => {
    const sorting = parseSorting(rules);
    return photos.map((photo, i) => {
      const { dirs, name, used, rule } = belongsTo(sorting, photo, i + 1);
      return { path: [...dirs, name].join('/'), used, rule };
    });
  },
};
