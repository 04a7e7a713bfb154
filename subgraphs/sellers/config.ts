import { type Env, readConfig, z } from '@aisle/platform/config';

const schema = z
  .object({ SELLERS_DEFAULT_FEE_BPS: z.coerce.number().int().min(0).max(5_000).default(1_200) })
  .transform((env) => ({
    /** Marketplace fee of a new seller, basis points of the net price. */
    defaultFeeBps: env.SELLERS_DEFAULT_FEE_BPS,
  }));

export type Config = z.output<typeof schema>;

/** @throws ConfigError naming every variable that is missing or wrong. */
export const readSellersConfig = (env: Env): Config => readConfig('sellers', schema, env);
