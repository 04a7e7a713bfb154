import { type SpanOptions, type TracedSpan, tracerOf } from '@aisle/platform/telemetry';
import type { SubgraphRequest, SubgraphResponse, SubgraphTransport } from '../engine/index.ts';

/** What stands between the engine and a transport: retries, breaker, bulkhead. */
export type Guard = (transport: SubgraphTransport) => SubgraphTransport;

/**
 * A guarded transport with a span for each fetch: all its tries, and its wait for a place. What a subgraph is told is that span.
 * @param address of the subgraph; none when it is in this process
 */
export function tracedTransport(
  name: string,
  address: string | undefined,
  transport: SubgraphTransport,
  guard: Guard = (unguarded) => unguarded,
): SubgraphTransport {
  const tracer = tracerOf('router');
  if (!tracer) return guard(transport);
  const tries = new WeakMap<SubgraphRequest, { readonly span: TracedSpan; count: number }>();
  const guarded = guard({ ...transport, execute: (request) => transport.execute(counted(request)) });
  const where = address === undefined ? {} : addressOf(new URL(address));

  function counted(request: SubgraphRequest): SubgraphRequest {
    const known = tries.get(request);
    if (known && ++known.count > 1) known.span.event('retry', { 'aisle.fetch.attempt': known.count });
    return request;
  }

  const optionsOf = ({ kind, operationName, variables, context }: SubgraphRequest): SpanOptions => ({
    kind: 'client',
    parent: context,
    attributes: {
      'subgraph.name': name,
      'graphql.operation.type': kind,
      ...(operationName !== undefined && { 'graphql.operation.name': operationName }),
      ...(Array.isArray(variables?.representations) && {
        'aisle.fetch.entities': variables.representations.length,
      }),
      ...where,
    },
  });
  const below = (request: SubgraphRequest, { trace }: TracedSpan): SubgraphRequest => ({
    ...request,
    context: { ...request.context, ...trace },
  });

  return {
    execute(request) {
      if (!tracer.records(request.context)) return guarded.execute(request);
      return tracer.run(`fetch ${name}`, optionsOf(request), async (span) => {
        const traced = below(request, span);
        const tried = { span, count: 0 };
        tries.set(traced, tried);
        try {
          const response = await guarded.execute(traced);
          judge(span, response);
          return response;
        } finally {
          span.set({ 'aisle.fetch.attempts': tried.count });
        }
      });
    },
    subscribe: (request) =>
      tracer.run(`subscribe ${name}`, optionsOf(request), (span) => guarded.subscribe(below(request, span))),
    close: () => guarded.close(),
  };
}

/** What a subgraph answers is not checked yet: anything may be in it. */
function judge(span: TracedSpan, response: SubgraphResponse): void {
  const [error] = Array.isArray(response?.errors) ? response.errors : [];
  if (error) span.failed(String(error.extensions?.code ?? 'DOWNSTREAM_SERVICE_ERROR'));
}

const addressOf = ({ hostname, port, protocol }: URL) => ({
  'server.address': hostname,
  'server.port': Number(port) || (protocol === 'https:' ? 443 : 80),
});
