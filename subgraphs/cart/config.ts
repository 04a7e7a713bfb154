import { type Env, readConfig, z } from '@aisle/platform/config';

const schema = z
  .object({
    CART_ABANDONED_AFTER_HOURS: z.coerce.number().positive().max(8_760).default(24),
    CART_REDIS_TIMEOUT_MS: z.coerce.number().int().min(10).max(60_000).default(3_000),
  })
  .transform((env) => ({
    /** A cart with something in it that nobody touched for this long was left behind, milliseconds. */
    abandonedAfterMs: env.CART_ABANDONED_AFTER_HOURS * 3_600_000,
    /** Longest wait for Redis before PostgreSQL is asked, milliseconds. */
    redisTimeoutMs: env.CART_REDIS_TIMEOUT_MS,
  }));

export type Config = z.output<typeof schema>;

/** @throws ConfigError naming every variable that is wrong. */
export const readCartConfig = (env: Env): Config => readConfig('cart', schema, env);
