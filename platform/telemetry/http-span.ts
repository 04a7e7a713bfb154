import type { IncomingMessage, ServerResponse } from 'node:http';
import { traceContextOf } from './trace-context.ts';
import type { TracedSpan, Tracer } from './tracer.ts';

/**
 * Answers a request in a server span that continues the caller's trace, and ends with the response.
 * @param route the path as it is routed, without anything of the request in it
 */
export function answering<T>(
  tracer: Tracer,
  route: string,
  request: IncomingMessage,
  response: ServerResponse,
  work: (span: TracedSpan) => T,
): T {
  const method = request.method ?? 'GET';
  const span = tracer.start(`${method} ${route}`, {
    kind: 'server',
    parent: traceContextOf(request.headers),
    attributes: { 'http.request.method': method, 'http.route': route, 'url.scheme': 'http' },
  });
  response.once('close', () => {
    const { statusCode, headersSent } = response;
    if (headersSent) span.set({ 'http.response.status_code': statusCode });
    if (headersSent && statusCode >= 500) span.failed(String(statusCode));
    span.end();
  });
  return span.within(() => work(span));
}
