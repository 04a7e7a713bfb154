import type { AisleEvent } from '@aisle/platform/bus';
import type { Cache } from '@aisle/platform/cache';
import type { PostgresOutbox } from '@aisle/platform/outbox';
import type { ApiKey } from '../domain/api-key.ts';
import type { Position } from '../domain/page.ts';
import type { Seller, SellerStatus } from '../domain/seller.ts';

export type SaveResult = 'saved' | 'name-taken' | 'conflict';

export interface Sellers {
  find(id: string): Promise<Seller | undefined>;
  findMany(ids: readonly string[]): Promise<Map<string, Seller>>;
  findByOwner(ownerId: string): Promise<Seller | undefined>;
  /** By name, after a position; at most `limit`. */
  list(status: SellerStatus, limit: number, after?: Position): Promise<Seller[]>;
  /** @returns what already stands in the way, if anything. */
  add(seller: Seller): Promise<'added' | 'name-taken' | 'owner-has-one'>;
  /** Stores the next version (`seller.version`) over the one before it, with its events. */
  save(seller: Seller, events: readonly AisleEvent[]): Promise<SaveResult>;
}

export interface StoredApiKey extends ApiKey {
  readonly hash: Buffer;
}

export interface ApiKeys {
  find(id: string): Promise<StoredApiKey | undefined>;
  /** The newest first. */
  list(sellerId: string): Promise<ApiKey[]>;
  /** @returns undefined when the seller has `max` live keys already. */
  add(key: StoredApiKey & { readonly createdBy: string }, max: number): Promise<ApiKey | undefined>;
  /** Revokes once; a revoked key stays as it is. */
  revoke(id: string, now: Date): Promise<ApiKey | undefined>;
  /** Notes the use, at most once a minute. */
  touch(id: string, now: Date): Promise<void>;
}

/** A key with its seller: what is needed to say for whom it acts. */
export interface KeyAndSeller {
  readonly key: StoredApiKey;
  readonly seller: Seller;
}

export interface Ports {
  readonly sellers: Sellers;
  readonly apiKeys: ApiKeys;
  /** Live keys of approved sellers by id, for some seconds: every request with a key asks. */
  readonly liveKeys: Cache<KeyAndSeller>;
  /** Fee of a new seller, basis points. */
  readonly defaultFeeBps: number;
  /** Relayed while the context runs. */
  readonly outbox: PostgresOutbox;
  /** @throws when the database does not answer. */
  ping(): Promise<void>;
}
