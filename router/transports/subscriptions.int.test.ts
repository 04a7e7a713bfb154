import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { buildSchema, GraphQLError, parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { SubgraphRequest } from '../engine/types.ts';
import { testContext } from '../fixtures/test-context.ts';
import { httpTransport } from './http.ts';
import { startTestServer } from './test-server.ts';
import { TransportError } from './transport-error.ts';

const query = 'subscription ($to: Int!) { count(to: $to) }';
const subscription = (to: number, signal = new AbortController().signal): SubgraphRequest => ({
  kind: 'subscription',
  query,
  document: parse(query),
  variables: { to },
  context: testContext({ signal }),
});
const broke = (error: unknown) => error instanceof TransportError && error.code === 'SUBGRAPH_UNREACHABLE';

describe('subscriptions over graphql-ws', () => {
  async function start(t: TestContext) {
    const http = await startTestServer((_body, _request, response) => response.end());
    const sockets = new WebSocketServer({ server: http.server });
    const seen: { params?: unknown; headers?: unknown; payload?: unknown; stopped: number } = { stopped: 0 };
    /** Counts to `to`; for a negative one gives 1 and then nothing until it is stopped. */
    const count = ({ to }: { to: number }) => {
      let value = 0;
      const idle = Promise.withResolvers<IteratorResult<{ count: number }>>();
      return {
        [Symbol.asyncIterator]() {
          return this;
        },
        async next(): Promise<IteratorResult<{ count: number }>> {
          if (value < Math.abs(to) && (to > 0 || value === 0))
            return { done: false, value: { count: ++value } };
          return to > 0 ? { done: true, value: undefined } : idle.promise;
        },
        async return() {
          seen.stopped++;
          idle.resolve({ done: true, value: undefined });
          return { done: true, value: undefined };
        },
      };
    };
    useServer(
      {
        schema: buildSchema('type Query { a: Int } type Subscription { count(to: Int!): Int }'),
        roots: { subscription: { count } } as never,
        onConnect: ({ connectionParams, extra }) => {
          seen.params = connectionParams;
          seen.headers = extra.request.headers;
        },
        onSubscribe: (_context, _id, payload) => {
          seen.payload = payload;
          return (payload.variables as { to: number }).to === 0 ? [new GraphQLError('not zero')] : undefined;
        },
      },
      sockets,
    );
    const transport = httpTransport({
      name: 'sub',
      url: http.url,
      sign: (_request, body) => ({ 'x-envelope': body.length.toString() }),
    });
    t.after(async () => {
      for (const socket of sockets.clients) socket.terminate();
      await transport.close();
      await http.close();
    });
    return { transport, seen, sockets };
  }

  test('gives every event, then ends; the envelope goes as connection parameters and vouches for the payload', async (t) => {
    const { transport, seen } = await start(t);
    const events = await transport.subscribe(subscription(3));
    const received = [];
    for await (const event of events) received.push(event.data?.count);
    assert.deepEqual(received, [1, 2, 3]);
    assert.deepEqual(seen.params, { 'x-envelope': String(JSON.stringify(seen.payload).length) });
    assert.equal(
      (seen.headers as Record<string, string>)['x-envelope'],
      String(JSON.stringify(seen.payload).length),
    );
  });

  test('a refused subscription is one response with errors', async (t) => {
    const { transport } = await start(t);
    const events = await transport.subscribe(subscription(0));
    assert.equal((await events.next()).value.errors[0].message, 'not zero');
    assert.equal((await events.next()).done, true);
  });

  test('return() ends it upstream', async (t) => {
    const { transport, seen, sockets } = await start(t);
    const events = await transport.subscribe(subscription(-1));
    await events.next();
    const [socket] = sockets.clients;
    await Promise.all([events.return?.(), socket && once(socket, 'close')]);
    assert.equal(seen.stopped, 1);
    assert.equal((await events.next()).done, true);
  });

  test('a connection that breaks is an error for the reader', async (t) => {
    const { transport, sockets } = await start(t);
    const events = await transport.subscribe(subscription(-1));
    await events.next();
    const next = events.next();
    for (const socket of sockets.clients) socket.terminate();
    await assert.rejects(next, broke);
  });

  test('an aborted operation ends its subscription', async (t) => {
    const { transport } = await start(t);
    const controller = new AbortController();
    const events = await transport.subscribe(subscription(-1, controller.signal));
    await events.next();
    controller.abort();
    for await (const _ of events);
  });
});

describe('subscriptions over SSE', () => {
  async function start(t: TestContext, handle: (response: ServerResponse, accept: string) => void) {
    const server = await startTestServer((_body, incoming, response) =>
      handle(response, incoming.headers.accept ?? ''),
    );
    const transport = httpTransport({
      name: 'sub',
      url: server.url,
      subscriptions: 'sse',
      maxBufferedEvents: 3,
    });
    t.after(async () => {
      await transport.close();
      await server.close();
    });
    return transport;
  }
  const stream = (response: ServerResponse) =>
    response.writeHead(200, { 'content-type': 'text/event-stream' });
  const event = (value: number) => `event: next\ndata: {"data":{"count":${value}}}\n\n`;

  test('gives every event, however it is cut, then ends', async (t) => {
    const transport = await start(t, (response, accept) => {
      assert.equal(accept, 'text/event-stream');
      stream(response).write(`:\n\n${event(1)}event: ne`);
      setImmediate(() =>
        response.end(`xt\r\ndata: {"data":\r\ndata: {"count":2}}\r\n\r\nevent: complete\ndata:\n\n`),
      );
    });
    const received = [];
    for await (const { data } of await transport.subscribe(subscription(2))) received.push(data?.count);
    assert.deepEqual(received, [1, 2]);
  });
  test('a stream that ends without saying so broke', async (t) => {
    const transport = await start(t, (response) => stream(response).end(event(1)));
    const events = await transport.subscribe(subscription(1));
    await events.next();
    await assert.rejects(events.next(), broke);
  });
  for (const data of ['null', '"text"', '[]', '{"data":', ''])
    test(`an event that is ${data || 'nothing'} breaks it off`, async (t) => {
      const transport = await start(t, (response) => {
        stream(response).write(`${event(1)}event: next\ndata: ${data}\n\n`);
      });
      const events = await transport.subscribe(subscription(1));
      assert.equal((await events.next()).value.data.count, 1);
      await assert.rejects(events.next(), broke);
    });
  test('anything but a stream is refused', async (t) => {
    const transport = await start(t, (response) => response.writeHead(401).end('{}'));
    await assert.rejects(
      transport.subscribe(subscription(1)),
      (error) => error instanceof TransportError && error.code === 'SUBGRAPH_HTTP_STATUS',
    );
  });
  test('return() ends it upstream', async (t) => {
    const gone = Promise.withResolvers<void>();
    const transport = await start(t, (response) => {
      response.on('close', () => gone.resolve());
      stream(response).write(event(1));
    });
    const events = await transport.subscribe(subscription(1));
    await events.next();
    await events.return?.();
    await gone.promise;
  });
  test('a reader that is too slow is told, and holds nothing up', async (t) => {
    const gone = Promise.withResolvers<void>();
    const transport = await start(t, (response) => {
      response.on('close', () => gone.resolve());
      stream(response).write([1, 2, 3, 4, 5].map(event).join(''));
    });
    const events = await transport.subscribe(subscription(1));
    await gone.promise;
    for (const value of [1, 2, 3]) assert.equal((await events.next()).value.data.count, value);
    await assert.rejects(
      events.next(),
      (error) => error instanceof TransportError && error.code === 'SUBGRAPH_OVERLOADED',
    );
  });
});
