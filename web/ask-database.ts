import { CodedError } from '../model/errors.ts';
import { databaseError } from '../sql/database.ts';
import { within } from './within.ts';

/** A page does not wait longer than this for the database; milliseconds. */
const patience = 8000;

/** What the database answers. Throws database.unavailable where it is away, or does not answer in time. */
export async function ask<T>(query: Promise<T>): Promise<T> {
  try {
    return await within(patience, query, () => new CodedError('database.unavailable'));
  } catch (error) {
    throw databaseError(error);
  }
}
