import { randomBytes } from 'node:crypto';
import { createPostgresOutbox } from '@aisle/platform/outbox';
import type { Platform } from '@aisle/platform/service';
import { createShop } from '../calls/shop.ts';
import type { Config } from '../config.ts';
import { createCarts } from './carts.ts';
import { createCartChanges } from './changes.ts';
import type { Ports } from './index.ts';
import { createPostgresCarts } from './postgres-carts.ts';
import { createRedisCarts } from './redis-carts.ts';

/** The adapters behind the ports. */
export async function openPorts(platform: Platform, config: Config): Promise<Ports> {
  const { log, clock } = platform;
  const redis = await platform.redis();
  const databases = platform.databases();
  const postgres = createPostgresCarts(databases);
  const changes = createCartChanges(redis, log, () => clock.now());
  platform.onStop('cart changes', () => changes.stop());
  return {
    carts: createCarts(createRedisCarts(redis, config.redisTimeoutMs), postgres, log),
    changes,
    shop: createShop(platform.commands),
    outbox: createPostgresOutbox(platform.name, databases),
    books: postgres,
    newMergeKey: () => randomBytes(24).toString('base64url'),
    async ping() {
      await databases.global.query('SELECT 1');
    },
  };
}
