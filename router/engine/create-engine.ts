import type { QueryPlan } from '@apollo/query-planner';
import type { DocumentNode, ExecutionResult } from 'graphql';
import type {
  Engine,
  EngineOptions,
  IncrementalPayload,
  PreparedOperation,
  PrepareOptions,
} from './contract.ts';
import { executeIncremental } from './incremental/execute.ts';
import { CompiledOperation } from './operation.ts';
import { OperationCache } from './operation-cache.ts';
import type { Run } from './run.ts';
import { Starter } from './start-run.ts';
import { subscribe } from './subscribe.ts';
import { loadSupergraph } from './supergraph.ts';
import type { SubgraphTransport } from './types.ts';

/**
 * An engine for one supergraph.
 * @throws when the SDL is no valid Federation 2 supergraph.
 */
export async function createEngine(options: EngineOptions): Promise<Engine> {
  const loaded = await loadSupergraph(options.supergraphSdl);
  const supergraph = options.caching ? { ...loaded, caching: options.caching(loaded) } : loaded;
  const transports = new Map<string, SubgraphTransport>();
  const close = async () => {
    await Promise.allSettled([...transports.values()].map((transport) => transport.close()));
  };
  try {
    for (const { name, url } of supergraph.subgraphs) transports.set(name, options.transports(name, url));
  } catch (error) {
    await close();
    throw error;
  }
  const operations = new OperationCache(supergraph, options);
  const starter = new Starter(supergraph, transports, options);

  return {
    apiSchema: supergraph.apiSchema,
    supergraphSdl: supergraph.sdl,
    id: supergraph.id,
    subgraphs: supergraph.subgraphs,
    prepare: (source: string | DocumentNode, operationName?: string, prepareOptions?: PrepareOptions) =>
      operations.prepare(source, operationName, prepareOptions),
    async execute(prepared, variables, context): Promise<ExecutionResult> {
      const operation = compiled(prepared);
      const started = starter.start(operation, variables, context);
      if ('errors' in started) return { errors: started.errors };
      const { run, plan } = started;
      await plan.run(run);
      return withErrors(operation.response(run.coerced).toData(run), run);
    },
    async executeToJson(prepared, variables, context): Promise<string> {
      const operation = compiled(prepared);
      const started = starter.start(operation, variables, context);
      if ('errors' in started) return JSON.stringify({ errors: started.errors });
      const { run, plan } = started;
      await plan.run(run);
      return operation.response(run.coerced).toJson(run);
    },
    async *executeIncremental(prepared, variables, context): AsyncIterableIterator<IncrementalPayload> {
      const operation = compiled(prepared);
      const started = starter.start(operation, variables, context);
      if ('errors' in started) yield { errors: started.errors, hasNext: false };
      else
        yield* executeIncremental(
          started.plan.run,
          operation.incrementalResponse(started.run.coerced, started.plan),
          started.run,
        );
    },
    async subscribe(prepared, variables, context) {
      const operation = compiled(prepared);
      const started = starter.start(operation, variables, context);
      if ('errors' in started) return { errors: started.errors };
      return subscribe(operation, started.plan, started.run, options);
    },
    plan: (prepared): QueryPlan => compiled(prepared).plan({}).plan,
    close,
  };
}

export function withErrors(data: ExecutionResult['data'], { errors }: Run): ExecutionResult {
  return errors.length > 0 ? { errors, data: data ?? null } : { data: data ?? null };
}

function compiled(operation: PreparedOperation): CompiledOperation {
  if (operation instanceof CompiledOperation) return operation;
  throw new TypeError('The operation was not prepared by an engine');
}
