import { readConfig } from '../config.ts';
import { readHouse } from '../engine/house-file.ts';
import { CodedError } from '../model/errors.ts';

/** Where the database answers: as the environment says, else as the house running on this data folder does. */
export function databaseUrl(): string {
  const config = readConfig();
  const url = config.databaseUrl ?? readHouse(config.houseFile)?.databaseUrl;
  if (url !== undefined) return url;
  throw new CodedError(
    'config.invalid',
    `Photo Assistant is not running on ${config.dataDir}. Start it (npm start), or set DATABASE_URL.`,
  );
}

/**
 * Where the database and Temporal answer: as the environment says, else as the house running on this data folder does.
 * Throws config.invalid when neither tells.
 */
export function servers(): { databaseUrl: string; temporalAddress: string; temporalNamespace: string } {
  const config = readConfig();
  const house = readHouse(config.houseFile);
  const databaseUrl = config.databaseUrl ?? house?.databaseUrl;
  const temporalAddress = config.temporalAddress ?? house?.temporalAddress;
  if (!databaseUrl || !temporalAddress) {
    throw new CodedError(
      'config.invalid',
      `Photo Assistant is not running on ${config.dataDir}. Start it (npm start), or set DATABASE_URL and TEMPORAL_ADDRESS.`,
    );
  }
  return { databaseUrl, temporalAddress, temporalNamespace: house?.temporalNamespace ?? config.temporalNamespace };
}
