import { badInput } from '@aisle/platform/errors';
import type { DietaryTag, Product } from './product.ts';

export type ProductSort = 'NEWEST' | 'TITLE';

/** A page of products, normalised: equal questions have equal values, whatever they were asked with. */
export interface ListQuery {
  readonly categoryId: string | null;
  readonly sellerId: string | null;
  readonly brandId: string | null;
  readonly dietary: readonly DietaryTag[];
  readonly withdrawn: boolean;
  readonly sort: ProductSort;
  readonly limit: number;
  /** `forward` takes from the start of the range, `backward` from its end. */
  readonly direction: 'forward' | 'backward';
  /** Sort keys that the page lies between, exclusive. */
  readonly after: string | null;
  readonly before: string | null;
}

export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

const DEFAULT_PAGE = 20;
const MAX_PAGE = 100;

/**
 * What a list is sorted by, unique per product: ids sort by age, so the newest come first when they run backwards;
 * titles are made unique by the id.
 */
export function sortKey(product: Pick<Product, 'id' | 'title'>, sort: ProductSort): string {
  return sort === 'NEWEST' ? product.id : titleKey(product);
}

export function titleKey(product: Pick<Product, 'id' | 'title'>): string {
  return `${product.title.normalize('NFKD').replace(/[̀-ͯ]/g, '').toLowerCase()}\u0001${product.id}`;
}

/** Opaque to clients: the sort and the key of an entry. */
export function encodeCursor(sort: string, key: string): string {
  return Buffer.from(`${sort[0]}${key}`).toString('base64url');
}

/** @throws BAD_USER_INPUT for a cursor that this list did not give */
export function decodeCursor(sort: string, cursor: string, name: string): string {
  const text = cursor.length <= 600 ? Buffer.from(cursor, 'base64url').toString() : '';
  if (text.length < 2 || text[0] !== sort[0] || encodeCursor(sort, text.slice(1)) !== cursor)
    throw badInput(`\`${name}\` is not a cursor of this list.`, { argument: name });
  return text.slice(1);
}

/** @throws BAD_USER_INPUT when `first` and `last` are both given or out of range, or a cursor is foreign */
export function pageOf(
  args: PageArguments,
  sort: string,
): Pick<ListQuery, 'limit' | 'direction' | 'after' | 'before'> {
  const { first, last, after, before } = args;
  if (first != null && last != null)
    throw badInput('Give `first` or `last`, not both.', { argument: 'last' });
  for (const [name, value] of Object.entries({ first, last })) {
    if (value != null && (value < 1 || value > MAX_PAGE))
      throw badInput(`\`${name}\` must be 1 to ${MAX_PAGE}.`, { argument: name });
  }
  return {
    limit: first ?? last ?? DEFAULT_PAGE,
    direction: last == null ? 'forward' : 'backward',
    after: after == null ? null : decodeCursor(sort, after, 'after'),
    before: before == null ? null : decodeCursor(sort, before, 'before'),
  };
}

export interface Page<T> {
  readonly nodes: readonly T[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
}

/** From up to `limit + 1` entries in the order they were taken to the page in list order. */
export function toPage<T>(
  taken: readonly T[],
  query: Pick<ListQuery, 'limit' | 'direction' | 'after' | 'before'>,
): Page<T> {
  const more = taken.length > query.limit;
  const nodes = taken.slice(0, query.limit);
  return query.direction === 'forward'
    ? { nodes, hasNextPage: more || query.before !== null, hasPreviousPage: query.after !== null }
    : {
        nodes: nodes.reverse(),
        hasNextPage: query.before !== null,
        hasPreviousPage: more || query.after !== null,
      };
}
