import type { Engine, PreparedOperation } from '../engine/index.ts';
import {
  type CostRules,
  costRulesOf,
  type OperationCost,
  operationCost,
  pageVariables,
} from '../limits/index.ts';
import { type Priority, priorityOf } from './traffic/shedding.ts';

/** What the router wants to know of an operation at each request, found out once. */
export interface OperationFacts {
  /** Variables that hold a page size. */
  readonly pages: readonly string[];
  readonly cost: OperationCost;
  readonly priority: Priority;
}

/** An operation as it was sent, and how often. */
interface Usage {
  readonly source: string;
  readonly operationName: string | undefined;
  hits: number;
}

export interface Facts {
  of(engine: Engine, operation: PreparedOperation, source: string): OperationFacts;
  /** The operations asked for most, the most frequent first. */
  busiest(most: number): readonly Omit<Usage, 'hits'>[];
}

/** Operations whose use is counted: as many as an engine keeps. */
const MOST_COUNTED = 1_000;

/** Facts are kept for as long as the engine's cache keeps the operation. `priorities` is asked once per operation. */
export function createFacts(priorities: () => Readonly<Record<string, Priority>> | undefined): Facts {
  const rules = new WeakMap<Engine, CostRules>();
  const known = new WeakMap<PreparedOperation, OperationFacts & { readonly usage: Usage }>();
  const used = new Map<string, Usage>();

  const rulesOf = (engine: Engine) => {
    const before = rules.get(engine);
    if (before) return before;
    const found = costRulesOf(engine.supergraphSdl);
    rules.set(engine, found);
    return found;
  };

  const usageOf = ({ hash, operationName }: PreparedOperation, source: string): Usage => {
    const before = used.get(hash);
    if (before) return before;
    const usage = { source, operationName, hits: 0 };
    if (used.size >= MOST_COUNTED) forget();
    used.set(hash, usage);
    return usage;
  };

  /** Makes room by dropping what is asked for least: a stream of ever new operations drives the busy ones out no more than one another. What is not asked for any more fades. */
  const forget = () => {
    const least = [...used].sort(([, a], [, b]) => a.hits - b.hits).slice(0, MOST_COUNTED / 10);
    for (const [hash] of least) used.delete(hash);
    for (const usage of used.values()) usage.hits /= 2;
  };

  return {
    of(engine, operation, source) {
      let facts = known.get(operation);
      if (!facts) {
        const { document, operationName } = operation;
        facts = {
          pages: pageVariables(document),
          cost: operationCost(engine.apiSchema, rulesOf(engine), document, operationName),
          priority: priorityOf(document, operationName, priorities()),
          usage: usageOf(operation, source),
        };
        known.set(operation, facts);
      }
      facts.usage.hits++;
      if (!used.has(operation.hash)) used.set(operation.hash, facts.usage);
      return facts;
    },
    busiest: (most) => [...used.values()].sort((a, b) => b.hits - a.hits).slice(0, most),
  };
}
