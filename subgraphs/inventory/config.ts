import { type Env, readConfig, z } from '@aisle/platform/config';

const schema = z
  .object({
    INVENTORY_LOW_STOCK: z.coerce.number().int().min(0).max(1_000_000).default(10),
    INVENTORY_KEEP_MOVEMENTS: z.coerce.number().int().min(1_000).max(10_000_000).default(20_000),
    INVENTORY_REDIS_TIMEOUT_MS: z.coerce.number().int().min(10).max(60_000).default(3_000),
  })
  .transform((env) => ({
    /** `StockLow` is published when what is available falls to this or below. */
    lowThreshold: env.INVENTORY_LOW_STOCK,
    /** Movements kept per partition (eight a region) for subscribers that come back. */
    keepMovements: env.INVENTORY_KEEP_MOVEMENTS,
    /** Longest wait for Redis before stock counts as unavailable, milliseconds. */
    redisTimeoutMs: env.INVENTORY_REDIS_TIMEOUT_MS,
  }));

export type Config = z.output<typeof schema>;

/** @throws ConfigError naming every variable that is wrong. */
export const readInventoryConfig = (env: Env): Config => readConfig('inventory', schema, env);
