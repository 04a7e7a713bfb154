import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';

/** A span as the collector got it. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty at the root. */
  readonly parentSpanId: string;
  readonly name: string;
  /** OTLP's number: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind: number;
  /** `service.name` of whoever recorded it. */
  readonly service: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly events: readonly string[];
  /** `error.type` where it failed. */
  readonly failed: boolean;
  readonly traceState: string;
}

export interface Collector {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly spans: readonly Span[];
  /** Everything as it came, to look for what must not be in it. */
  readonly bodies: readonly string[];
  /** Answers from now on with this status. */
  answer(status: number): void;
  close(): Promise<void>;
}

/** An OpenTelemetry collector, as far as OTLP/HTTP with JSON goes. */
export async function startCollector(): Promise<Collector> {
  const spans: Span[] = [];
  const bodies: string[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const raw = await buffer(request);
    const body = (request.headers['content-encoding'] === 'gzip' ? gunzipSync(raw) : raw).toString();
    if (status === 200 && request.url === '/v1/traces') {
      bodies.push(body);
      spans.push(...spansOf(JSON.parse(body)));
    }
    response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    bodies,
    answer(next) {
      status = next;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: OTLP's JSON, of which only a part is looked at
type Json = any;

function spansOf({ resourceSpans = [] }: Json): Span[] {
  return resourceSpans.flatMap(({ resource, scopeSpans }: Json) => {
    const service = String(valuesOf(resource.attributes)['service.name']);
    return scopeSpans.flatMap((scope: Json) =>
      scope.spans.map(
        (span: Json): Span => ({
          traceId: span.traceId,
          spanId: span.spanId,
          parentSpanId: span.parentSpanId ?? '',
          name: span.name,
          kind: span.kind,
          service,
          attributes: valuesOf(span.attributes),
          events: (span.events ?? []).map(({ name }: Json) => name),
          failed: span.status?.code === 2,
          traceState: span.traceState ?? '',
        }),
      ),
    );
  });
}

function valuesOf(attributes: Json[] = []): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [
      key,
      'intValue' in value ? Number(value.intValue) : Object.values(value)[0],
    ]),
  );
}
