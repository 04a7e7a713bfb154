import { type DocumentNode, Kind, type OperationTypeNode } from 'graphql';
import { type SpanOptions, type TracedSpan, tracerOf } from '../telemetry/index.ts';
import type { SubgraphHost } from './host.ts';
import type { SubgraphRequest, SubgraphResponse } from './operation.ts';

const types = new WeakMap<DocumentNode, OperationTypeNode>();

function typeOf(document: DocumentNode): OperationTypeNode | undefined {
  const known = types.get(document);
  if (known) return known;
  const operation = document.definitions.find((node) => node.kind === Kind.OPERATION_DEFINITION);
  if (operation) types.set(document, operation.operation);
  return operation?.operation;
}

/** A response with errors is a span with the code of the first one. */
function judge(span: TracedSpan, { errors }: SubgraphResponse): void {
  if (errors?.[0]) span.failed(String(errors[0].extensions?.code ?? 'GRAPHQL_ERROR'));
}

/**
 * The host with a span for each operation. A subgraph continues traces and begins none: what comes without one is the
 * system's own business (a poll, a probe). The same host when nothing is traced.
 */
export function tracedHost(host: SubgraphHost, name: string): SubgraphHost {
  const tracer = tracerOf(name);
  if (!tracer) return host;

  const spanOf = ({ document, operationName, context }: SubgraphRequest): [string, SpanOptions] => {
    const type = typeOf(document) ?? 'query';
    const attributes = {
      'graphql.operation.type': type,
      'subgraph.name': name,
      'aisle.request_id': context.requestId,
      ...(operationName !== undefined && { 'graphql.operation.name': operationName }),
    };
    return [operationName === undefined ? type : `${type} ${operationName}`, { parent: context, attributes }];
  };
  const isTraced = ({ context }: SubgraphRequest) =>
    context.traceparent !== undefined && tracer.records(context);
  const below = (request: SubgraphRequest, span: TracedSpan): SubgraphRequest => ({
    ...request,
    context: { ...request.context, ...span.trace },
  });

  return {
    ...host,
    execute(request) {
      if (!isTraced(request)) return host.execute(request);
      return tracer.run(...spanOf(request), async (span) => {
        const response = await host.execute(below(request, span));
        judge(span, response);
        return response;
      });
    },
    /** The span is of its beginning: its events belong to whoever completes them. */
    subscribe(request) {
      if (!isTraced(request)) return host.subscribe(request);
      return tracer.run(...spanOf(request), (span) => host.subscribe(below(request, span)));
    },
  };
}
