import { createHash } from 'node:crypto';
import type { QueryPlan } from '@apollo/query-planner';
import { type DocumentNode, type ExecutionResult, type GraphQLError, print } from 'graphql';
import type {
  Engine,
  EngineOptions,
  IncrementalPayload,
  PreparedOperation,
  PrepareOptions,
} from './contract.ts';
import { executeIncremental } from './incremental.ts';
import { Lru } from './lru.ts';
import { CompiledOperation, type CompiledPlan } from './operation.ts';
import { activeLabels } from './override-labels.ts';
import type { Obj } from './own.ts';
import { asGraphQLError, parseOperation, rejected } from './parse.ts';
import type { Run } from './run.ts';
import { subscribe } from './subscribe.ts';
import { loadSupergraph } from './supergraph.ts';
import type { RequestContext, SubgraphTransport } from './types.ts';
import { coerceVariables } from './variables.ts';

const DEFAULT_CACHE_SIZE = 1000;
const DEFAULT_MAX_TOKENS = 10_000;
const DEFAULT_EVENT_TIMEOUT = 10_000;

/**
 * An engine for one supergraph.
 * @throws when the SDL is no valid Federation 2 supergraph.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const supergraph = loadSupergraph(options.supergraphSdl);
  const transports = new Map<string, SubgraphTransport>(
    supergraph.subgraphs.map(({ name, url }) => [name, options.transports(name, url)]),
  );
  const cache = new Lru<string, CompiledOperation>(options.cacheSize ?? DEFAULT_CACHE_SIZE);
  const { apiSchema } = supergraph;

  function prepare(source: string | DocumentNode, operationName?: string, prepareOptions?: PrepareOptions) {
    const key = `${operationName ?? ''}\n${typeof source === 'string' ? source : print(source)}`;
    const known = cache.get(key);
    if (known) return known;
    const parsed = parseOperation(
      apiSchema,
      source,
      operationName,
      options.maxTokens ?? DEFAULT_MAX_TOKENS,
      prepareOptions?.validate,
    );
    if ('errors' in parsed) return parsed;
    const operation = new CompiledOperation(
      supergraph,
      parsed,
      createHash('sha256').update(key).digest('hex'),
    );
    try {
      operation.plan({});
    } catch (error) {
      return rejected('QUERY_PLANNING_FAILED', [asGraphQLError(error)]);
    }
    cache.set(key, operation);
    return operation;
  }

  function start(
    operation: CompiledOperation,
    variables: unknown,
    context: RequestContext,
  ): Run | { errors: readonly GraphQLError[] } {
    const coerced = coerceVariables(apiSchema, operation.definition, variables);
    if ('errors' in coerced) return coerced;
    return {
      data: {},
      variables: coerced.sent,
      coerced: coerced.coerced,
      context,
      transports,
      errors: [],
      failures: [],
    };
  }

  function planFor(operation: CompiledOperation, coerced: Obj, context: RequestContext): CompiledPlan {
    const { overrideLabels } = supergraph;
    return operation.plan(
      coerced,
      overrideLabels.length === 0 ? undefined : activeLabels(overrideLabels, context, options.overrideLabel),
    );
  }

  return {
    apiSchema,
    supergraphSdl: supergraph.sdl,
    id: supergraph.id,
    subgraphs: supergraph.subgraphs,
    prepare,
    async execute(prepared, variables, context): Promise<ExecutionResult> {
      const operation = compiled(prepared);
      const run = start(operation, variables, context);
      if (!('data' in run)) return { errors: run.errors };
      await planFor(operation, run.coerced, context).run(run);
      const data = operation.response(run.coerced).toData(run);
      return run.errors.length > 0 ? { errors: run.errors, data } : { data };
    },
    async executeToJson(prepared, variables, context): Promise<string> {
      const operation = compiled(prepared);
      const run = start(operation, variables, context);
      if (!('data' in run)) return JSON.stringify({ errors: run.errors });
      await planFor(operation, run.coerced, context).run(run);
      return operation.response(run.coerced).toJson(run);
    },
    executeIncremental(prepared, variables, context): AsyncIterableIterator<IncrementalPayload> {
      const operation = compiled(prepared);
      const _run = start(operation, variables, context);
      const run = start(operation, variables, context);
      return executeIncremental(
        operation,
        () => planFor(operation, 'data' in run ? run.coerced : {}, context),
        run,
      );
    },
    async subscribe(prepared, variables, context) {
      const operation = compiled(prepared);
      const run = start(operation, variables, context);
      if (!('data' in run)) return { errors: run.errors };
      return subscribe(
        operation,
        planFor(operation, run.coerced, context),
        run,
        options.eventTimeout ?? DEFAULT_EVENT_TIMEOUT,
      );
    },
    plan: (prepared): QueryPlan => compiled(prepared).plan({}).plan,
    async close() {
      await Promise.allSettled([...transports.values()].map((transport) => transport.close()));
    },
  };
}

function compiled(operation: PreparedOperation): CompiledOperation {
  if (operation instanceof CompiledOperation) return operation;
  throw new TypeError('The operation was not prepared by an engine');
}
