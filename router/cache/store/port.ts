/** An answer as it is kept. */
export interface Entry {
  readonly key: string;
  /** JSON of the answer. */
  readonly json: string;
  /** See `rules/labels.ts`. */
  readonly labels: readonly string[];
  /** The store's time at which fetching it began: whatever was outdated later outdates this entry as well. */
  readonly began: string;
  /** Epoch milliseconds at which it came. */
  readonly storedAt: number;
  /** Seconds. */
  readonly maxAge: number;
  /** Milliseconds the store keeps it, stale times included. */
  readonly ttl: number;
}

export type Found = Pick<Entry, 'json' | 'storedAt' | 'maxAge'>;

export interface Lookup {
  /** In the order of the keys. `outdated`: there, but outdated by one of its labels. */
  readonly found: readonly (Found | 'outdated' | undefined)[];
  /** The store's time: what to give as `began` of an entry that is fetched from now on. */
  readonly now: string;
}

/**
 * Where answers are kept: a map with an end to each entry, and a clock that goes on with each invalidation. An entry counts only while none of its labels was
 * outdated after its fetch began, so that no fetch, however slow, brings back what was outdated meanwhile.
 */
export interface CacheStore {
  lookup(keys: readonly string[]): Promise<Lookup>;
  store(entries: readonly Entry[]): Promise<void>;
  /** Outdates every entry that has one of the labels, those still being fetched included. */
  outdate(labels: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

/** Longest an entry is kept, milliseconds. That a label was outdated is remembered for longer. */
export const MOST_TTL = 24 * 3_600_000;
export const LABEL_TTL = MOST_TTL + 3_600_000;
