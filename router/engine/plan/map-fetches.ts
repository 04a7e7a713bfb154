import type { FetchNode, PlanNode, SubscriptionNode } from '@apollo/query-planner';

type MapFetch = (fetch: FetchNode) => PlanNode;

/** The plan with each of its fetches replaced. */
export function mapFetches(node: PlanNode, map: MapFetch): PlanNode;
export function mapFetches(node: PlanNode | SubscriptionNode, map: MapFetch): PlanNode | SubscriptionNode;
export function mapFetches(node: PlanNode | SubscriptionNode, map: MapFetch): PlanNode | SubscriptionNode {
  const each = (below: PlanNode): PlanNode => mapFetches(below, map);
  switch (node.kind) {
    case 'Fetch':
      return map(node);
    case 'Flatten':
      return { ...node, node: each(node.node) };
    case 'Sequence':
    case 'Parallel':
      return { ...node, nodes: node.nodes.map(each) };
    case 'Condition':
      return {
        ...node,
        ...(node.ifClause && { ifClause: each(node.ifClause) }),
        ...(node.elseClause && { elseClause: each(node.elseClause) }),
      };
    case 'Defer':
      return {
        ...node,
        primary: { ...node.primary, ...(node.primary.node && { node: each(node.primary.node) }) },
        deferred: node.deferred.map((part) => ({ ...part, ...(part.node && { node: each(part.node) }) })),
      };
    case 'Subscription':
      // A subscription begins with one fetch, of which nothing is required.
      return {
        ...node,
        primary: map(node.primary) as FetchNode,
        ...(node.rest && { rest: each(node.rest) }),
      };
  }
}
