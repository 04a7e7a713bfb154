import { type AnswerHeaders, headersOf } from '../../transports/answer-headers.ts';
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
  /** What the subgraph said about keeping it, over HTTP. */
  readonly headers?: AnswerHeaders;
}

/** Asks the subgraph, or whoever keeps its answers. Never rejects. */
export function call(
  run: Run,
  spec: FetchSpec,
  representations: readonly Obj[] | undefined,
  fromContext?: Obj,
): Promise<CallResult> {
  if (!spec.cache || fromContext) {
    run.context.cache?.forbid();
    return send(run, spec, representations, fromContext);
  }
  const ask = { context: run.context, variables: variablesFor(run, spec, undefined), representations };
  return spec.cache.answer(ask, (some, context) =>
    send(context === run.context ? run : { ...run, context }, spec, some),
  );
}

async function send(
  run: Run,
  spec: FetchSpec,
  representations: readonly Obj[] | undefined,
  fromContext?: Obj,
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
        variables: fromContext
          ? { ...variablesFor(run, spec, representations), ...fromContext }
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
  const headers = spec.cache && headersOf(response);
  return { data: (data as Obj | null | undefined) ?? null, errors: list, ...(headers && { headers }) };
}

function failed(cause: ErrorCause): CallResult {
  return { data: null, errors: [], failed: cause };
}
