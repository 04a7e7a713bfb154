import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { OperationHost, RequestContext } from '@aisle/platform/service';
import { parse } from 'graphql';

export interface HttpSubgraph {
  readonly url: string;
  /** Headers and body of each call, in order. */
  readonly calls: readonly { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  stop(): Promise<void>;
}

/** A subgraph of the test graph behind HTTP, as any other team's would be; its subscriptions are server-sent events. */
export async function httpSubgraph(host: OperationHost): Promise<HttpSubgraph> {
  const calls: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    calls.push({ headers: request.headers, body });
    const { query, variables } = JSON.parse(body) as { query: string; variables?: Record<string, unknown> };
    const context = {} as RequestContext;
    const asked = { query, document: parse(query), context, ...(variables && { variables }) };
    if (request.headers.accept === 'text/event-stream') {
      response.setHeader('content-type', 'text/event-stream');
      for await (const event of await host.subscribe({ kind: 'subscription', ...asked })) {
        if (response.destroyed) break;
        response.write(`event: next\ndata: ${JSON.stringify(event)}\n\n`);
      }
      response.end('event: complete\ndata:\n\n');
      return;
    }
    const result = await host.execute({ kind: 'query', ...asked });
    response.setHeader('content-type', 'application/json').end(JSON.stringify(result));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`,
    calls,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
