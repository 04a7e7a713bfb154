import type { PostgresOutbox } from '@aisle/platform/outbox';
import type { Shop } from '../calls/shop.ts';
import type { Carts } from './carts.ts';
import type { CartChanges } from './changes.ts';
import type { PostgresCarts } from './postgres-carts.ts';

/** What the resolvers, the event handlers and the sweeper see. */
export interface Ports {
  readonly carts: Carts;
  readonly changes: CartChanges;
  readonly shop: Shop;
  readonly outbox: PostgresOutbox;
  readonly books: Pick<PostgresCarts, 'takeAbandoned'>;
  /** A key that nobody guesses, for a guest's cart. */
  newMergeKey(): string;
  /** @throws when a store does not answer */
  ping(): Promise<void>;
}
