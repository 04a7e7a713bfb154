import type { Cache } from '@aisle/platform/cache';
import type { Outcome } from '@aisle/platform/idempotency';
import type { Region } from '@aisle/platform/identity';
import type { PostgresOutbox } from '@aisle/platform/outbox';
import type { Price } from '../domain/price.ts';
import type { Quote, Totals } from '../domain/quote.ts';

/** What `setPrice` came to; kept under its idempotency key. */
export type PriceChange =
  | { readonly kind: 'changed'; readonly version: number }
  | { readonly kind: 'conflict'; readonly actual: number };

export interface NewPrice extends Omit<Price, 'version'> {
  readonly expectedVersion: number;
}

export interface Prices {
  /** Straight from the database, by SKU. */
  read(region: Region, skus: readonly string[]): Promise<Map<string, Price>>;
  /** Without waiting: `null` when there is none, `undefined` when it must be fetched. */
  peek(region: Region, sku: string): Price | null | undefined;
  /** From the cache, by SKU. */
  get(region: Region, skus: readonly string[]): Promise<Map<string, Price>>;
  sellerOf(sku: string): Promise<string | undefined>;
  /** Changes a price once per key; publishes PriceChanged with it. */
  change(
    price: NewPrice,
    call: { readonly scope: string; readonly key: string; readonly inputHash: string },
    now: number,
  ): Promise<Outcome<PriceChange>>;
  readonly cache: Cache<Price>;
}

export interface QuoteRequest {
  readonly totals: Totals;
  readonly subject: string;
  readonly owner: string;
  readonly version: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

export interface Quotes {
  /** The same cart version at the same prices gets the same quote, its life renewed when half of it is over. */
  create(request: QuoteRequest): Promise<Quote>;
  /** What this process remembers of it: its lines and amounts are right, its expiry may have been put off since. */
  peek(id: string): Quote | undefined;
  /** A region that the id does not name, or an id nobody made, is `undefined`. `now` is epoch milliseconds. */
  find(id: string, now: number): Promise<Quote | undefined>;
  /** Fixes it for an order, unless it expired. `before`: the order it was fixed for until then. */
  lock(
    id: string,
    orderId: string,
    now: number,
  ): Promise<{ quote: Quote; before: string | null } | undefined>;
  /** Takes back a lock of this order (its prices turned out to be yesterday's): it is as it was before. */
  unlock(id: string, orderId: string, before: string | null): Promise<void>;
  /** Deletes a bounded number of quotes that expired long ago and were never ordered. */
  sweep(now: number): Promise<number>;
}

export interface Ports {
  readonly prices: Prices;
  readonly quotes: Quotes;
  readonly outbox: PostgresOutbox;
  /** @throws when a database does not answer. */
  ping(): Promise<void>;
}
