import { type Env, readConfig, z } from '@aisle/platform/config';

const schema = z
  .object({
    /** Products kept in memory; about 2 kB each. */
    CATALOGUE_CACHED_PRODUCTS: z.coerce.number().int().min(100).max(1_000_000).default(25_000),
    /** Where pictures are served from, e.g. a CDN; relative addresses when empty. */
    MEDIA_ORIGIN: z.union([z.literal(''), z.url({ protocol: /^https?$/ })]).default(''),
  })
  .transform((env) => ({
    maxCachedProducts: env.CATALOGUE_CACHED_PRODUCTS,
    mediaOrigin: env.MEDIA_ORIGIN.replace(/\/+$/, ''),
  }));

export type CatalogueConfig = z.output<typeof schema>;

/** @throws ConfigError with every problem of the environment */
export const readCatalogueConfig = (env: Env): CatalogueConfig => readConfig('catalogue', schema, env);
