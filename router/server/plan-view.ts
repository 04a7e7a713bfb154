import { prettyFormatQueryPlan, type QueryPlan } from '@apollo/query-planner';

/** The answer with its query plan, as text and as nodes, under `extensions.queryPlan`; asked for with `x-aisle-plan` in development. */
export function planExtension(json: string, plan: QueryPlan): string {
  const answer = JSON.parse(json) as { extensions?: Record<string, unknown> };
  const queryPlan = { text: prettyFormatQueryPlan(plan), node: plan.node ?? null };
  return JSON.stringify({ ...answer, extensions: { ...answer.extensions, queryPlan } });
}
