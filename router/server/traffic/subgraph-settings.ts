/** How one subgraph is called over HTTP. What is not set for it comes from `all`, then from the defaults. */
export interface SubgraphSettings {
  /** Milliseconds one call may take; the operation's own deadline applies as well. @default 10000 */
  readonly timeout?: number;
  /** Connections kept open. @default 64 */
  readonly connections?: number;
  /** Calls at once; more wait. @default 128 */
  readonly concurrency?: number;
  /** Calls that may wait, for at most a second; one more fails at once. @default 512 */
  readonly queue?: number;
  /** Second tries of a query that met no answer (never of a mutation), within a budget of one in ten calls. @default 1 */
  readonly retries?: number;
  /** Equal queries of one identity in flight share one call, where `traffic.deduplicate` is on. @default true */
  readonly deduplicate?: boolean;
  /** Failures in a row after which it is not called; 0 switches the breaker off. @default 5 */
  readonly breakerFailures?: number;
  /** Milliseconds until one call tries it again. @default 30000 */
  readonly breakerOpen?: number;
  /** Most bytes of an answer. @default 33554432 */
  readonly maxResponseBytes?: number;
  /** How it serves subscriptions. @default 'graphql-ws' */
  readonly subscriptions?: 'graphql-ws' | 'sse' | 'callback';
  /** Where it is asked for them, when not at its routing URL. */
  readonly subscriptionUrl?: string;
}

export const SUBGRAPH_DEFAULTS = {
  timeout: 10_000,
  connections: 64,
  concurrency: 128,
  queue: 512,
  retries: 1,
  deduplicate: true,
  breakerFailures: 5,
  breakerOpen: 30_000,
  maxResponseBytes: 32 * 1024 * 1024,
} as const satisfies SubgraphSettings;

/** By subgraph name, and `all` for every one. */
export type SubgraphsSettings = Readonly<Record<string, SubgraphSettings>>;

export function settingsOf(
  name: string,
  settings: SubgraphsSettings = {},
): SubgraphSettings & typeof SUBGRAPH_DEFAULTS {
  const own = (key: string) => (Object.hasOwn(settings, key) ? settings[key] : undefined);
  return { ...SUBGRAPH_DEFAULTS, ...own('all'), ...own(name) } as SubgraphSettings & typeof SUBGRAPH_DEFAULTS;
}
