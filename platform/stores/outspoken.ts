import { unavailable } from '../errors/index.ts';
import { REGIONS, type Region } from '../identity/caller.ts';
import { isStoreDown } from './down.ts';
import type { Database, Databases } from './postgres.ts';

/** The database, except that callers hear `UNAVAILABLE` with `message` when it is away, instead of a masked surprise. */
export function outspoken(database: Database, message: string): Database {
  const explain = (error: unknown): never => {
    throw isStoreDown(error) ? unavailable(message, error) : error;
  };
  return {
    ...database,
    query: (...statement) => database.query(...statement).catch(explain) as never,
    transaction: (work) => database.transaction(work).catch(explain),
  };
}

/** Each of the databases so. */
export function allOutspoken(databases: Databases, message: string): Databases {
  const global = outspoken(databases.global, message);
  const regional = Object.fromEntries(
    REGIONS.map((region) => [region, outspoken(databases.of(region), message)]),
  ) as Record<Region, Database>;
  return { of: (region) => regional[region], global, all: [...Object.values(regional), global] };
}
