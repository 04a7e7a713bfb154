import type { EngineOptions } from './contract.ts';
import type { CompiledOperation, CompiledPlan } from './operation.ts';
import { activeLabels } from './override-labels.ts';
import { asGraphQLError, type Rejected, rejected } from './parse.ts';
import { newRun, type Run } from './run.ts';
import type { LoadedSupergraph } from './supergraph.ts';
import type { RequestContext, SubgraphTransport } from './types.ts';
import { coerceVariables } from './variables.ts';

export interface Started {
  readonly run: Run;
  readonly plan: CompiledPlan;
}

/** Begins executions: checks the variables and picks the plan for them. */
export class Starter {
  readonly #supergraph: LoadedSupergraph;
  readonly #transports: ReadonlyMap<string, SubgraphTransport>;
  readonly #overrideLabel: EngineOptions['overrideLabel'];

  constructor(
    supergraph: LoadedSupergraph,
    transports: ReadonlyMap<string, SubgraphTransport>,
    options: Pick<EngineOptions, 'overrideLabel'>,
  ) {
    this.#supergraph = supergraph;
    this.#transports = transports;
    this.#overrideLabel = options.overrideLabel;
  }

  start(operation: CompiledOperation, variables: unknown, context: RequestContext): Started | Rejected {
    const { apiSchema, overrideLabels } = this.#supergraph;
    const checked = coerceVariables(apiSchema, operation.definition, variables);
    if ('errors' in checked) return checked;
    const { sent, coerced } = checked;
    try {
      const labels =
        overrideLabels.length === 0 ? undefined : activeLabels(overrideLabels, context, this.#overrideLabel);
      const plan = operation.plan(coerced, labels);
      return { plan, run: newRun({ variables: sent, coerced, context, transports: this.#transports }) };
    } catch (error) {
      return rejected('QUERY_PLANNING_FAILED', [asGraphQLError(error)]);
    }
  }
}
