import { type Env, readConfig, z } from '@aisle/platform/config';

const schema = z
  .object({
    PRICING_QUOTE_MINUTES: z.coerce.number().int().min(1).max(1_440).default(30),
    PRICING_CACHE_SECONDS: z.coerce.number().int().min(1).max(1_800).default(300),
  })
  .transform((env) => ({
    /** How long a quote holds, milliseconds, unless a price changes. */
    quoteMs: env.PRICING_QUOTE_MINUTES * 60_000,
    /** How long a price is believed without asking, milliseconds; a change in this process or told of by another shows at once. */
    priceTtlMs: env.PRICING_CACHE_SECONDS * 1_000,
  }));

export type Config = z.output<typeof schema>;

/** @throws ConfigError naming every variable that is missing or wrong. */
export const readPricingConfig = (env: Env): Config => readConfig('pricing', schema, env);
