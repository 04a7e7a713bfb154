import { isObject, type Obj, own } from '../own.ts';
import type { Run } from '../run.ts';
import type { SubgraphResponse } from '../types.ts';
import { badResponse, type ErrorCause, transportFailure } from './errors.ts';
import type { FetchSpec } from './fetch-spec.ts';

export interface CallResult {
  readonly data: Obj | null;
  readonly errors: readonly unknown[];
  /** Set when there is no GraphQL response at all. */
  readonly failed?: ErrorCause;
}

/** Asks the subgraph. Never rejects. */
export async function call(
  run: Run,
  spec: FetchSpec,
  representations: readonly Obj[] | undefined,
  context?: Obj,
): Promise<CallResult> {
  const transport = run.transports.get(spec.subgraph);
  if (!transport) return failed(badResponse(spec.subgraph, 'is unknown to this router'));
  try {
    return check(
      spec,
      await transport.execute({
        kind: spec.kind,
        query: spec.query,
        document: spec.document,
        ...(spec.operationName === undefined ? {} : { operationName: spec.operationName }),
        variables: context
          ? { ...variablesFor(run, spec, representations), ...context }
          : variablesFor(run, spec, representations),
        context: run.context,
      }),
    );
  } catch (error) {
    return failed(transportFailure(spec.subgraph, error));
  }
}

/** Those of the client's variables the fetch uses, as sent; a variable that was not sent keeps its default in the subgraph. */
export function variablesFor(run: Run, spec: FetchSpec, representations: readonly Obj[] | undefined): Obj {
  const variables: Obj = {};
  for (const name of spec.variableNames) {
    const value = own(run.variables, name);
    if (value !== undefined) variables[name] = value;
  }
  if (representations) variables.representations = representations;
  return variables;
}

/** @throws nothing: a response of the wrong shape becomes `failed`. */
export function check(spec: FetchSpec, response: SubgraphResponse): CallResult {
  if (!isObject(response)) return failed(badResponse(spec.subgraph, 'did not answer with an object'));
  const { data, errors } = response as { data?: unknown; errors?: unknown };
  if (data !== undefined && data !== null && !isObject(data))
    return failed(badResponse(spec.subgraph, 'answered with data that is no object'));
  if (errors !== undefined && errors !== null && !Array.isArray(errors))
    return failed(badResponse(spec.subgraph, 'answered with errors that are no list'));
  const list = (errors as unknown[] | null | undefined) ?? [];
  if ((data === undefined || data === null) && list.length === 0)
    return failed(badResponse(spec.subgraph, 'answered with neither data nor errors'));
  return { data: (data as Obj | null | undefined) ?? null, errors: list };
}

function failed(cause: ErrorCause): CallResult {
  return { data: null, errors: [], failed: cause };
}
