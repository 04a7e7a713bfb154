import { encodeCursor } from '../domain/product-list.ts';
import type { BrandConnectionResolvers } from '../generated/schema.ts';

const cursor = (id: string) => encodeCursor('BRANDS', id);

export const BrandConnection: BrandConnectionResolvers = {
  edges: ({ nodes }) => nodes.map((node) => ({ node, cursor: cursor(node.id) })),
  nodes: ({ nodes }) => [...nodes],
  pageInfo: ({ nodes, hasNextPage, hasPreviousPage }) => ({
    hasNextPage,
    hasPreviousPage,
    startCursor: nodes[0] ? cursor(nodes[0].id) : null,
    endCursor: nodes.length > 0 ? cursor(nodes.at(-1)!.id) : null,
  }),
};
