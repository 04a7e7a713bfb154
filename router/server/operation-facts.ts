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

/** Kept for as long as the engine's cache keeps the operation. */
export function createFacts(
  priorities: Readonly<Record<string, Priority>> | undefined,
): (engine: Engine, operation: PreparedOperation) => OperationFacts {
  const rules = new WeakMap<Engine, CostRules>();
  const known = new WeakMap<PreparedOperation, OperationFacts>();

  const rulesOf = (engine: Engine) => {
    const before = rules.get(engine);
    if (before) return before;
    const found = costRulesOf(engine.supergraphSdl);
    rules.set(engine, found);
    return found;
  };

  return (engine, operation) => {
    const before = known.get(operation);
    if (before) return before;
    const { document, operationName } = operation;
    const facts = {
      pages: pageVariables(document),
      cost: operationCost(engine.apiSchema, rulesOf(engine), document, operationName),
      priority: priorityOf(document, operationName, priorities),
    };
    known.set(operation, facts);
    return facts;
  };
}
