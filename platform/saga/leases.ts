import { errorFields, type Log } from '../log/index.ts';
import type { Database } from '../stores/index.ts';
import { RELEASE, RENEW } from './statements.ts';

interface LeaseOptions {
  readonly databases: readonly Database[];
  readonly owner: string;
  readonly leaseMs: number;
  readonly active: ReadonlyMap<string, { readonly database: Database; readonly since: number }>;
  readonly log: Log;
}

/** Prolongs the leases of sagas that are under way for long, one statement a database; gives the rest up at the end. */
export function keepLeases({ databases, owner, leaseMs, active, log }: LeaseOptions) {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();

  const idsOf = (database: Database, olderThanMs: number) =>
    [...active].flatMap(([id, entry]) =>
      entry.database === database && performance.now() - entry.since >= olderThanMs ? [id] : [],
    );
  const forEach = async (
    olderThanMs: number,
    work: (database: Database, ids: string[]) => Promise<unknown>,
  ) => {
    for (const database of databases) {
      const ids = idsOf(database, olderThanMs);
      if (ids.length === 0) continue;
      await work(database, ids).catch((error: unknown) =>
        log.warn('saga leases not kept', { region: database.region, ...errorFields(error) }),
      );
    }
  };

  return {
    start(): void {
      timer = setInterval(() => {
        const renew = (database: Database, ids: string[]) => database.query(RENEW, [ids, owner, leaseMs]);
        running = running.then(() => forEach(leaseMs / 4, renew));
      }, leaseMs / 3);
      timer.unref();
    },
    async stop(): Promise<void> {
      clearInterval(timer);
      await running;
      await forEach(0, (database, ids) => database.query(RELEASE, [ids, owner]));
    },
  };
}
