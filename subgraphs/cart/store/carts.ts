import type { Region } from '@aisle/platform/identity';
import { errorFields, type Log } from '@aisle/platform/log';
import type { Cart, ChangeKind } from '../domain/cart.ts';
import type { PostgresCarts } from './postgres-carts.ts';
import type { RedisCarts } from './redis-carts.ts';

/** Carts whose copy could not be renewed, at most; beyond that all are read from PostgreSQL for a while. */
const MAX_SUSPECT = 10_000;
/** Carts kept in memory, at most. */
const MAX_RECENT = 2_000;

export interface Carts {
  /** What this process knew last, which may be outdated: good enough to decide a change on, since `save` finds that out. */
  recall(id: string): Cart | undefined;
  /** The newest revision: the copy in Redis, or the row in PostgreSQL when there is none or it may be outdated. */
  load(region: Region, id: string): Promise<Cart | undefined>;
  /** The row in PostgreSQL, whatever the copy says: for another try after a conflict. */
  reload(region: Region, id: string): Promise<Cart | undefined>;
  /**
   * Writes PostgreSQL, then the copy. `durable: false` does not wait for the disk.
   * @returns false when somebody else changed the cart first: nothing is written
   */
  save(cart: Cart, kind: ChangeKind, options?: { durable?: boolean }): Promise<boolean>;
  /** Runs one piece of work on a cart after the other in this process; others are told apart by revision. */
  inTurn<T>(id: string, work: () => Promise<T>): Promise<T>;
}

/** Written to both stores before the answer; of the two copies the higher revision is right, and PostgreSQL decides conflicts. */
export function createCarts(redis: RedisCarts, postgres: PostgresCarts, log: Log): Carts {
  const suspect = new Map<string, ChangeKind | ''>();
  const turns = new Map<string, Promise<unknown>>();
  const recent = new Map<string, Cart>();

  /** Keeps the carts that were used last: a checkout changes the same cart several times within a second. */
  function remember(cart: Cart): void {
    recent.delete(cart.id);
    recent.set(cart.id, cart);
    if (recent.size > MAX_RECENT) recent.delete(recent.keys().next().value!);
  }

  async function reload(region: Region, id: string): Promise<Cart | undefined> {
    const cart = await postgres.load(region, id);
    if (cart) {
      remember(cart);
      await renew(cart, suspect.get(id) ?? '');
    }
    return cart;
  }

  async function renew(cart: Cart, kind: ChangeKind | ''): Promise<void> {
    try {
      await redis.put(cart, kind);
      suspect.delete(cart.id);
    } catch (error) {
      if (suspect.size < MAX_SUSPECT) suspect.set(cart.id, kind);
      log.warn('the copy of a cart is not renewed', errorFields(error));
    }
  }

  return {
    reload,
    recall: (id) => recent.get(id),
    async load(region, id) {
      if (suspect.has(id) || suspect.size >= MAX_SUSPECT) return reload(region, id);
      const copy = await redis.load(region, id).catch((error: unknown) => {
        log.warn('carts are read from the database', errorFields(error));
        return undefined;
      });
      const known = recent.get(id);
      if (copy && known && copy.revision >= known.revision) {
        remember(copy);
        return copy;
      }
      // Older than what is known here, or nothing is known here yet: then the copy may be one that could not be renewed
      // by a process which has ended since.
      const row = await reload(region, id).catch((error: unknown) => {
        if (!copy) throw error;
        log.warn('a cart is read from its copy', errorFields(error));
        return undefined;
      });
      if (!copy || (row && row.revision >= copy.revision)) return row;
      remember(copy);
      return copy;
    },
    async save(cart, kind, { durable = true } = {}) {
      if (!(await postgres.save(cart, durable))) {
        recent.delete(cart.id);
        return false;
      }
      remember(cart);
      await renew(cart, kind);
      return true;
    },
    async inTurn(id, work) {
      const before = turns.get(id) ?? Promise.resolve();
      const mine = before.then(work, work);
      turns.set(id, mine);
      try {
        return await mine;
      } finally {
        if (turns.get(id) === mine) turns.delete(id);
      }
    },
  };
}
