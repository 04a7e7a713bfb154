import type { PlanNode } from '@apollo/query-planner';
import type { Path } from '../run.ts';
import { entityFetch } from './fetch-entities.ts';
import { rootFetch } from './fetch-root.ts';
import { compileFetchSpec } from './fetch-spec.ts';
import type { PlanTypes } from './plan-types.ts';
import { condition, nothing, parallel, type Step, sequence } from './step.ts';

/** Compiles a plan node (all paths below `at`) into a function. `@defer` is run in one go here: see `defer.ts` for the incremental way. */
export function compilePlan(types: PlanTypes, node: PlanNode | undefined, at: Path = []): Step {
  if (!node) return nothing;
  switch (node.kind) {
    case 'Fetch': {
      const spec = compileFetchSpec(types, node, at);
      return spec.represent ? entityFetch(spec, spec.represent) : rootFetch(spec);
    }
    case 'Flatten':
      return compilePlan(types, node.node, [...at, ...node.path]);
    case 'Sequence':
      return sequence(node.nodes.map((child) => compilePlan(types, child, at)));
    case 'Parallel':
      return parallel(node.nodes.map((child) => compilePlan(types, child, at)));
    case 'Condition':
      return condition(
        node.condition,
        compilePlan(types, node.ifClause, at),
        compilePlan(types, node.elseClause, at),
      );
    case 'Defer':
      return sequence([
        compilePlan(types, node.primary.node, at),
        ...node.deferred.map((deferred) => compilePlan(types, deferred.node, at)),
      ]);
    default: {
      const never: never = node;
      throw new Error(`Unknown plan node ${(never as PlanNode).kind}`);
    }
  }
}
