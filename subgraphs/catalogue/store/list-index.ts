import type { Product } from '../domain/product.ts';
import { type ListQuery, titleKey } from '../domain/product-list.ts';

/** What lists are filtered and sorted by: a few hundred bytes a product. */
interface Entry {
  readonly id: string;
  readonly title: string;
  readonly version: number;
  readonly path: readonly string[];
  readonly sellerId: string;
  readonly brandId: string | null;
  readonly dietary: ReadonlySet<string>;
  readonly withdrawn: boolean;
}

/** The order of all products, in memory: a page is found without asking the database. */
export interface ListIndex {
  /** Adds or replaces it; an older version than the known one is ignored. */
  put(product: Product): void;
  /** Ids of up to `limit + 1` products, from the end that the query's direction starts at. */
  take(query: ListQuery): string[];
  clear(): void;
  readonly size: number;
}

const idOf = (title: string) => title.slice(title.lastIndexOf('\u0001') + 1);

export function createListIndex(): ListIndex {
  const entries = new Map<string, Entry>();
  let ids: string[] = [];
  let titles: string[] = [];
  // A bulk load is sorted once, when it is first asked; later changes are put in their place.
  let sorted = true;

  const insert = (keys: string[], key: string) => void keys.splice(lowerBound(keys, key), 0, key);
  const remove = (keys: string[], key: string) => {
    const at = lowerBound(keys, key);
    if (keys[at] === key) keys.splice(at, 1);
  };

  return {
    put(product) {
      const known = entries.get(product.id);
      if (known && known.version >= product.version) return;
      const entry = entryOf(product);
      entries.set(entry.id, entry);
      if (ids.length === 0) sorted = false;
      if (!sorted) return;
      if (!known) insert(ids, entry.id);
      if (known && known.title !== entry.title) remove(titles, known.title);
      if (known?.title !== entry.title) insert(titles, entry.title);
    },
    take(query) {
      if (!sorted) {
        ids = [...entries.keys()].sort(compare);
        titles = Array.from(entries.values(), ({ title }) => title).sort(compare);
        sorted = true;
      }
      const isNewest = query.sort === 'NEWEST';
      const keys = isNewest ? ids : titles;
      const { after, before } = query;
      // The newest come first, so what is after an entry lies before it in the ascending keys.
      const [above, below] = isNewest ? [before, after] : [after, before];
      const low = above === null ? 0 : upperBound(keys, above);
      const high = below === null ? keys.length : lowerBound(keys, below);
      const isAscending = (query.direction === 'forward') !== isNewest;
      const taken: string[] = [];
      for (let i = 0; i < high - low && taken.length <= query.limit; i++) {
        const key = keys[isAscending ? low + i : high - 1 - i]!;
        const id = isNewest ? key : idOf(key);
        if (fits(entries.get(id)!, query)) taken.push(id);
      }
      return taken;
    },
    clear() {
      entries.clear();
      ids = [];
      titles = [];
      sorted = true;
    },
    get size() {
      return entries.size;
    },
  };
}

function entryOf(product: Product): Entry {
  const { id, version, categoryPath, sellerId, brandId, attributes, withdrawn } = product;
  const dietary = new Set<string>(attributes.dietary);
  return { id, version, sellerId, brandId, withdrawn, dietary, title: titleKey(product), path: categoryPath };
}

function fits(entry: Entry, query: ListQuery): boolean {
  if (entry.withdrawn && !query.withdrawn) return false;
  if (query.categoryId !== null && !entry.path.includes(query.categoryId)) return false;
  if (query.sellerId !== null && entry.sellerId !== query.sellerId) return false;
  if (query.brandId !== null && entry.brandId !== query.brandId) return false;
  return query.dietary.every((tag) => entry.dietary.has(tag));
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** First place whose key is not smaller. */
function lowerBound(keys: readonly string[], key: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** First place whose key is greater. */
function upperBound(keys: readonly string[], key: string): number {
  const at = lowerBound(keys, key);
  return keys[at] === key ? at + 1 : at;
}
