import { encodeCursor, sortKey } from '../domain/product-list.ts';
import type { ProductConnectionResolvers } from '../generated/schema.ts';
import type { ProductConnection as Model } from './models.ts';

const cursorsOf = ({ nodes, sort }: Model) => nodes.map((node) => encodeCursor(sort, sortKey(node, sort)));

export const ProductConnection: ProductConnectionResolvers = {
  edges(page) {
    const cursors = cursorsOf(page);
    return page.nodes.map((node, index) => ({ node, cursor: cursors[index]! }));
  },
  nodes: ({ nodes }) => [...nodes],
  pageInfo(page) {
    const cursors = cursorsOf(page);
    return {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: cursors[0] ?? null,
      endCursor: cursors.at(-1) ?? null,
    };
  },
};
