import { badInput } from '../errors/index.ts';

/** Most that one page holds, in every list. */
export const MAX_PAGE = 100;

/** @throws BAD_USER_INPUT unless it is 1 to 100 */
export function checkFirst(first: number): number {
  if (first < 1 || first > MAX_PAGE)
    throw badInput(`"first" must be between 1 and ${MAX_PAGE}.`, { argument: 'first' });
  return first;
}

/** A Relay connection, as the schema's `…Connection` types have it. */
export interface Connection<Node> {
  readonly edges: { readonly cursor: string; readonly node: Node }[];
  readonly nodes: Node[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** A page read forward, from up to one row more than it holds: that one only says that there is a next page. */
export function connectionOf<Row, Node = Row>(
  rows: readonly Row[],
  page: { readonly first: number; readonly after?: unknown },
  cursorOf: (row: Row) => string,
  toNode: (row: Row) => Node,
): Connection<Node> {
  const edges = rows.slice(0, page.first).map((row) => ({ cursor: cursorOf(row), node: toNode(row) }));
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: rows.length > page.first,
      hasPreviousPage: page.after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
