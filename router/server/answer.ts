import { prettyFormatQueryPlan, type QueryPlan } from '@apollo/query-planner';
import { type ErrorFormat, formatError, formatJson } from './format-error.ts';
import type { Ready } from './operations.ts';

export interface Answer {
  /** 400 when there is no data entry; the media type `application/json` makes 200 of it. */
  readonly status: number;
  readonly json: string;
  readonly outcome: 'ok' | 'errors';
}

/** What of an operation's inside the client asked for. */
export interface Asked {
  readonly plan: boolean;
  readonly cost: boolean;
}

/** The engine's answer as clients see it: errors with their codes, extensions they asked for. `undefined`: it came too late. */
export function answerOf(json: string | undefined, ready: Ready, asked: Asked, format: ErrorFormat): Answer {
  if (json === undefined) return tooLate(format);
  const extended = (text: string) => (asked.plan || asked.cost ? withExtensions(text, ready, asked) : text);
  if (!json.startsWith('{"errors"')) return { status: 200, json: extended(json), outcome: 'ok' };
  const formatted = formatJson(json, format);
  return { status: formatted.failed ? 400 : 200, json: extended(formatted.json), outcome: 'errors' };
}

function tooLate(format: ErrorFormat): Answer {
  const error = formatError(
    { message: 'The operation ran out of time.', extensions: { code: 'DEADLINE_EXCEEDED' } },
    format,
  );
  return { status: 504, json: JSON.stringify({ errors: [error] }), outcome: 'errors' };
}

function withExtensions(json: string, ready: Ready, asked: Asked): string {
  const answer = JSON.parse(json) as { data?: unknown; extensions?: Record<string, unknown> };
  const extensions = {
    ...answer.extensions,
    ...(asked.plan && { queryPlan: planOf(ready.engine.plan(ready.operation)) }),
    ...(asked.cost && { cost: { estimated: ready.cost, actual: ready.actualCost(answer.data) } }),
  };
  return JSON.stringify({ ...answer, extensions });
}

/** As text and as nodes. */
function planOf(plan: QueryPlan) {
  return { text: prettyFormatQueryPlan(plan), node: plan.node ?? null };
}
