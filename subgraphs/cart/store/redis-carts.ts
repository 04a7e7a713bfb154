import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Region } from '@aisle/platform/identity';
import { within } from '@aisle/platform/resilience';
import type { Redis } from '@aisle/platform/stores';
import type { Cart, ChangeKind } from '../domain/cart.ts';
import { cartKey, changesKey } from './keys.ts';

/** A copy that nobody looks at leaves memory after this long; PostgreSQL still has it. */
const LIFE_MS = 24 * 3_600_000;
/** Changes kept per partition for subscribers that come back, roughly. */
const KEEP_CHANGES = 20_000;

const source = readFileSync(join(import.meta.dirname, 'lua/put.lua'), 'utf8');
const sha = createHash('sha1').update(source).digest('hex');

export class CacheUnavailable extends Error {}

export type RedisCarts = ReturnType<typeof createRedisCarts>;

/** Copies of the carts, and the stream of their changes. */
export function createRedisCarts(redis: Redis, timeoutMs: number) {
  const silent = () => new CacheUnavailable('Redis does not answer.');
  async function answered<T>(ask: () => Promise<T>): Promise<T> {
    if (!redis.isReady) throw silent();
    return within(timeoutMs, ask(), silent);
  }

  return {
    /** @throws when Redis does not answer */
    async load(region: Region, id: string): Promise<Cart | undefined> {
      const found = await answered(() => redis.hGet(cartKey(region, id), 'j'));
      return found ? (JSON.parse(found) as Cart) : undefined;
    },

    /** Keeps it unless a newer revision is there; with a kind, subscribers are told. @throws when Redis does not answer */
    async put(cart: Cart, kind: ChangeKind | ''): Promise<void> {
      const { region, id, revision } = cart;
      const options = {
        keys: [cartKey(region, id), changesKey(region, id)],
        arguments: [String(revision), JSON.stringify(cart), String(LIFE_MS), String(KEEP_CHANGES), id, kind],
      };
      await answered(async () => {
        try {
          await redis.evalSha(sha, options);
        } catch (error) {
          if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error;
          await redis.eval(source, options);
        }
      });
    },
  };
}
