import type { ExecutionResult } from 'graphql';
import type { EngineOptions } from './contract.ts';
import type { CompiledOperation, CompiledPlan } from './operation.ts';
import { check, variablesFor } from './plan/call.ts';
import { badResponse, locate, transportFailure } from './plan/errors.ts';
import { mergeRoot } from './plan/fetch-root.ts';
import type { FetchSpec } from './plan/fetch-spec.ts';
import { newRun, type Run } from './run.ts';
import type { RequestContext, SubgraphResponse } from './types.ts';

const DEFAULT_EVENT_TIMEOUT = 10_000;

/**
 * Subscribes at the subgraph that owns the field and completes each of its events with the rest of the plan.
 * A consumer that is slow holds the upstream iterator back: nothing is buffered here.
 */
export async function subscribe(
  operation: CompiledOperation,
  { primary, run: rest }: CompiledPlan,
  run: Run,
  options: Pick<EngineOptions, 'eventTimeout' | 'aroundEvent'>,
): Promise<AsyncIterableIterator<ExecutionResult> | ExecutionResult> {
  if (!primary) throw new TypeError('The operation is no subscription');
  const upstream = await open(primary, run);
  if (!('next' in upstream)) return upstream;
  const response = operation.response(run.coerced);
  const { eventTimeout = DEFAULT_EVENT_TIMEOUT, aroundEvent = (context, work) => work(context) } = options;

  const complete = async (event: SubgraphResponse, context: RequestContext): Promise<ExecutionResult> => {
    const eventRun = newRun({ ...run, context: { ...context, deadline: Date.now() + eventTimeout } });
    mergeRoot(eventRun, primary, check(primary, event));
    await rest(eventRun);
    const data = response.toData(eventRun);
    return eventRun.errors.length > 0 ? { errors: eventRun.errors, data } : { data };
  };

  const events: AsyncIterableIterator<ExecutionResult> = {
    async next() {
      const event = await upstream.next();
      return event.done
        ? { done: true, value: undefined }
        : { done: false, value: await aroundEvent(run.context, (context) => complete(event.value, context)) };
    },
    async return() {
      await upstream.return?.();
      return { done: true, value: undefined };
    },
    async throw(error) {
      await upstream.return?.();
      throw error;
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
  return events;
}

async function open(
  spec: FetchSpec,
  run: Run,
): Promise<AsyncIterableIterator<SubgraphResponse> | ExecutionResult> {
  const transport = run.transports.get(spec.subgraph);
  if (!transport) return { errors: [locate(badResponse(spec.subgraph, 'is unknown to this router'))] };
  try {
    return await transport.subscribe({
      kind: 'subscription',
      query: spec.query,
      document: spec.document,
      ...(spec.operationName === undefined ? {} : { operationName: spec.operationName }),
      variables: variablesFor(run, spec, undefined),
      context: run.context,
    });
  } catch (error) {
    return { errors: [locate(transportFailure(spec.subgraph, error))] };
  }
}
