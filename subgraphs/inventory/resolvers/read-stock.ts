import type { Region } from '@aisle/platform/identity';
import { errorFields } from '@aisle/platform/log';
import type { Scope } from '@aisle/platform/service';
import type { Ports } from '../store/index.ts';
import type { Stock } from './models.ts';
import { isStockDown } from './unavailable.ts';

/** Most SKUs asked for in one round trip. */
const MAX_BATCH = 500;

interface Asked {
  readonly sku: string;
  readonly resolve: (stock: Stock | null) => void;
  readonly reject: (error: unknown) => void;
}

const batches = {};

/** The stock of one SKU; all that an operation asks for in one tick is read in one round trip a region. */
export function readStock(scope: Scope<Ports>, region: Region, sku: string): Promise<Stock | null> {
  const waiting = scope.once(batches, () => new Map<Region, Asked[]>());
  return new Promise((resolve, reject) => {
    const list = waiting.get(region);
    if (list && list.length < MAX_BATCH) return void list.push({ sku, resolve, reject });
    const fresh: Asked[] = [{ sku, resolve, reject }];
    waiting.set(region, fresh);
    // After the promises of this tick, so that every sibling field has asked.
    process.nextTick(() => {
      setImmediate(() => {
        if (waiting.get(region) === fresh) waiting.delete(region);
        load(scope, region, fresh).catch((error: unknown) => {
          for (const asked of fresh) asked.reject(error);
        });
      });
    });
  });
}

async function load(scope: Scope<Ports>, region: Region, asked: readonly Asked[]): Promise<void> {
  const found = await stocksOf(scope, region, [...new Set(asked.map(({ sku }) => sku))]);
  for (const { sku, resolve } of asked) resolve(found?.get(sku) ?? null);
}

/** Live, or as the ledger has it while Redis is down or being restored. `undefined` when neither answers. */
export async function stocksOf(
  { ports, log }: Scope<Ports>,
  region: Region,
  skus: readonly string[],
): Promise<Map<string, Stock> | undefined> {
  for (const live of [true, false]) {
    try {
      const levels = await (live ? ports.live.read(region, skus) : ports.ledger.read(region, skus));
      return new Map([...levels].map(([sku, found]) => [sku, { ...found, sku, region, live }]));
    } catch (error) {
      if (!isStockDown(error)) throw error;
      log.warn(live ? 'stock is read from the ledger' : 'stock cannot be read', errorFields(error));
    }
  }
  return undefined;
}
