import { errorFields, type Log } from '@aisle/platform/log';
import type { Db } from 'mongodb';
import type { CatalogueReads } from './index.ts';

const WATCHED = ['products', 'categories', 'brands'];
const RETRY_MS = 2_000;

/**
 * Drops from the cache what anybody changed in the database. While the stream is broken nothing tells of changes,
 * so everything is dropped when it is opened again.
 */
export function followChanges(db: Db, reads: Pick<CatalogueReads, 'changed'>, log: Log) {
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;
  let stream: ReturnType<typeof db.watch> | undefined;

  const open = () => {
    if (stopped) return;
    const opened = db.watch([{ $match: { 'ns.coll': { $in: WATCHED } } }], { maxAwaitTimeMS: 1_000 });
    stream = opened;
    opened.on('change', (change) => {
      const isProduct = 'ns' in change && 'coll' in change.ns && change.ns.coll === 'products';
      reads.changed(isProduct && 'documentKey' in change ? String(change.documentKey._id) : undefined);
    });
    opened.on('error', (error: Error) => {
      if (stopped || stream !== opened) return;
      log.warn('catalogue change stream', errorFields(error));
      opened.close().catch(() => {});
      stream = undefined;
      retry = setTimeout(reopen, RETRY_MS);
    });
  };
  /** What is cached goes on being shown until the database is back; only then is it dropped. */
  const reopen = () => {
    db.command({ ping: 1 }).then(
      () => {
        if (stopped) return;
        reads.changed();
        open();
      },
      () => {
        if (!stopped) retry = setTimeout(reopen, RETRY_MS);
      },
    );
  };
  open();
  return {
    name: 'catalogue change stream',
    async stop() {
      stopped = true;
      clearTimeout(retry);
      await stream?.close().catch(() => {});
    },
  };
}
