/** What the router keeps of the answers of one subgraph. */
export interface SubgraphCacheSettings {
  /** @default true */
  readonly enabled?: boolean;
  /** Seconds that root fields and objects without `@cacheControl` may be kept. @default 0: what is not declared is not kept */
  readonly defaultMaxAge?: number;
  /** Whether `PRIVATE` answers are kept, each for the one caller it was made for. @default true */
  readonly private?: boolean;
  /** Seconds after its end that an answer is served once more while it is fetched anew. @default 0 */
  readonly staleWhileRevalidate?: number;
  /** Seconds after its end that an answer is served when its subgraph cannot be reached. @default 0 */
  readonly staleIfError?: number;
  /** Most seconds that "there is none" is kept; 0: not at all. @default 5 */
  readonly negativeMaxAge?: number;
  /** Most bytes of one answer that is kept. @default 262144 */
  readonly maxEntryBytes?: number;
}

/** The cache of subgraph answers. */
export interface CacheSettings extends SubgraphCacheSettings {
  /** Milliseconds the store has to answer before the subgraph is asked instead. @default 50 */
  readonly timeout?: number;
  /** Own settings of subgraphs, by name. */
  readonly subgraphs?: Readonly<Record<string, SubgraphCacheSettings>>;
  /** Tags that a mutation field outdates before it is answered, from its arguments: `{ setPrice: ['price-{$args.input.sku}'] }`. */
  readonly mutations?: Readonly<Record<string, readonly string[]>>;
}

export const CACHE_DEFAULTS = {
  enabled: true,
  defaultMaxAge: 0,
  private: true,
  staleWhileRevalidate: 0,
  staleIfError: 0,
  negativeMaxAge: 5,
  maxEntryBytes: 256 * 1024,
  timeout: 50,
} as const satisfies CacheSettings;

/** The settings that count for one subgraph. */
export type EffectiveSettings = Required<SubgraphCacheSettings>;

export function cacheSettingsOf(subgraph: string, settings: CacheSettings): EffectiveSettings {
  const { subgraphs, mutations: _mutations, timeout: _timeout, ...all } = settings;
  const { timeout: _default, ...defaults } = CACHE_DEFAULTS;
  const own = subgraphs && Object.hasOwn(subgraphs, subgraph) ? subgraphs[subgraph] : undefined;
  return { ...defaults, ...all, ...own };
}
