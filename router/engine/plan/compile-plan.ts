import type { DeferNode, PlanNode } from '@apollo/query-planner';
import type { DeferredPart, Path } from '../run.ts';
import { compileContextReader } from './context-values.ts';
import { entityFetch } from './fetch-entities.ts';
import { contextFetch } from './fetch-in-context.ts';
import { rootFetch } from './fetch-root.ts';
import { compileFetchSpec } from './fetch-spec.ts';
import type { PlanTypes } from './plan-types.ts';
import { condition, nothing, parallel, type Step, sequence } from './step.ts';

/** Compiles a plan node (all paths below `at`) into a function.  */
export function compilePlan(types: PlanTypes, node: PlanNode | undefined, at: Path = []): Step {
  if (!node) return nothing;
  switch (node.kind) {
    case 'Fetch': {
      const spec = compileFetchSpec(types, node, at);
      if (!spec.represent) return rootFetch(spec);
      if (!node.contextRewrites) return entityFetch(spec, spec.represent);
      return contextFetch(spec, spec.represent, compileContextReader(types.schema, node.contextRewrites));
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
      return compileDefer(types, node, at);
    default: {
      const never: never = node;
      throw new Error(`Unknown plan node ${(never as PlanNode).kind}`);
    }
  }
}

/** Hands the deferred parts over and runs the primary one; when `@defer` is not honoured, all in one go. */
function compileDefer(types: PlanTypes, { primary, deferred }: DeferNode, at: Path): Step {
  const first = compilePlan(types, primary.node, at);
  const parts = deferred.map(
    ({ label = '', queryPath, node }): DeferredPart => ({
      id: label,
      queryPath,
      step: compilePlan(types, node, at),
    }),
  );
  const inOneGo = sequence([first, ...parts.map(({ step }) => step)]);
  return (run) => {
    if (!run.deferrals) return inOneGo(run);
    for (const part of parts) run.deferrals.defer(part, run);
    return first(run);
  };
}
