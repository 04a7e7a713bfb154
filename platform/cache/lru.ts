/** A map that forgets what was not asked for longest. */
export interface Lru<V> {
  get(key: string): V | undefined;
  set(key: string, value: V): void;
  delete(key: string): boolean;
  clear(): void;
  readonly size: number;
  entries(): IterableIterator<[string, V]>;
}

/** @param maxEntries how many entries it holds at most, 1 or more. */
export function createLru<V>(maxEntries: number): Lru<V> {
  if (!Number.isInteger(maxEntries) || maxEntries < 1)
    throw new RangeError('A cache holds at least one entry.');
  const map = new Map<string, V>();
  // While the map is less than half full nothing will be evicted soon: moving an entry to the end is then wasted.
  const half = maxEntries >> 1;
  return {
    get(key) {
      const value = map.get(key);
      if (value !== undefined && map.size > half) {
        map.delete(key);
        map.set(key, value);
      }
      return value;
    },
    set(key, value) {
      if (!map.delete(key) && map.size >= maxEntries) map.delete(map.keys().next().value!);
      map.set(key, value);
    },
    delete: (key) => map.delete(key),
    clear: () => map.clear(),
    get size() {
      return map.size;
    },
    entries: () => map.entries(),
  };
}
