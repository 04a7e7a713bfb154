import { type Env, readConfig, z } from '@aisle/platform/config';

const milliseconds = (fallback: number) => z.coerce.number().int().min(1).max(86_400_000).default(fallback);

const schema = z
  .object({
    /** How long a buyer has to confirm a payment with the bank; the goods are held meanwhile. */
    ORDERS_PAYMENT_ACTION_MS: milliseconds(600_000),
    /** How long `placeOrder` and `cancelOrder` wait for the outcome before they answer with what is known. */
    ORDERS_WAIT_MS: milliseconds(10_000),
    /** How long steps that may be done twice wait to be stored together. */
    ORDERS_MERGE_MS: milliseconds(250),
    /** How long a process may keep an order's saga without a sign of life. */
    ORDERS_LEASE_MS: milliseconds(15_000),
    /** Checkouts that one process works on at the same time; more are told to try again. */
    ORDERS_MAX_CHECKOUTS: z.coerce.number().int().min(1).max(10_000).default(1_000),
  })
  .transform((env) => ({
    buyerMs: env.ORDERS_PAYMENT_ACTION_MS,
    waitMs: env.ORDERS_WAIT_MS,
    mergeMs: env.ORDERS_MERGE_MS,
    leaseMs: env.ORDERS_LEASE_MS,
    maxCheckouts: env.ORDERS_MAX_CHECKOUTS,
  }));

export type Config = z.output<typeof schema>;

/** @throws ConfigError with every problem of the environment */
export function readOrdersConfig(env: Env): Config {
  return readConfig('orders', schema, env);
}
