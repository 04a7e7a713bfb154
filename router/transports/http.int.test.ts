import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { parse } from 'graphql';
import type { RequestContext, SubgraphRequest } from '../engine/types.ts';
import { testContext } from '../fixtures/test-context.ts';
import { type HttpTransportOptions, httpTransport } from './http.ts';
import { startTestServer } from './test-server.ts';
import { TransportError } from './transport-error.ts';

type Handler = (body: string, request: IncomingMessage, response: ServerResponse) => void;

const query = '{ hello }';
const document = parse(query);
const request = (context: RequestContext = testContext()): SubgraphRequest => ({
  kind: 'query',
  query,
  document,
  variables: { a: 'ü' },
  context,
});

async function transportTo(t: TestContext, handler: Handler, options: Partial<HttpTransportOptions> = {}) {
  const server = await startTestServer(handler);
  const transport = httpTransport({ name: 'sub', url: server.url, ...options });
  t.after(async () => {
    await transport.close();
    await server.close();
  });
  return transport;
}

const json =
  (status: number, value: unknown, type = 'application/json'): Handler =>
  (_body, _request, response) =>
    response
      .writeHead(status, { 'content-type': type })
      .end(typeof value === 'string' ? value : JSON.stringify(value));

const fails = (promise: Promise<unknown>, code: string) =>
  assert.rejects(
    promise,
    (error) => error instanceof TransportError && error.code === code && error.subgraph === 'sub',
  );

describe('the HTTP transport', () => {
  test('posts the operation with signed headers and the trace, and returns the response', async (t) => {
    let seen: { body: string; request: IncomingMessage } | undefined;
    let signed = '';
    const transport = await transportTo(
      t,
      (body, incoming, response) => {
        seen = { body, request: incoming };
        json(200, { data: { hello: 'ü' } })(body, incoming, response);
      },
      {
        sign: (_request, body) => {
          signed = body;
          return { 'x-envelope': 'sealed' };
        },
      },
    );
    const response = await transport.execute({
      ...request(testContext({ traceparent: '00-a-b-01' })),
      operationName: 'Op',
    });
    assert.deepEqual(response, { data: { hello: 'ü' } });
    assert.equal(seen?.body, signed);
    assert.deepEqual(JSON.parse(signed), { query, operationName: 'Op', variables: { a: 'ü' } });
    assert.equal(seen?.request.url, '/graphql?x=1');
    assert.equal(seen?.request.headers['x-envelope'], 'sealed');
    assert.equal(seen?.request.headers.traceparent, '00-a-b-01');
  });

  test('keeps its connection', async (t) => {
    const ports = new Set<number | undefined>();
    const transport = await transportTo(t, (body, incoming, response) => {
      ports.add(incoming.socket.remotePort);
      json(200, { data: {} })(body, incoming, response);
    });
    for (let call = 0; call < 20; call++) await transport.execute(request());
    // The next call may come before the connection of the last one is free again: two at most.
    assert.ok(ports.size <= 2, String(ports.size));
  });

  test('takes a GraphQL response whatever its status', async (t) => {
    const errors = { errors: [{ message: 'no' }] };
    for (const status of [400, 401, 500]) {
      const transport = await transportTo(
        t,
        json(status, errors, 'application/graphql-response+json; charset=utf-8'),
      );
      assert.deepEqual(await transport.execute(request()), errors);
    }
  });

  const answers: [string, Handler, string][] = [
    ['HTML', json(200, '<html>', 'text/html'), 'SUBGRAPH_NOT_JSON'],
    ['HTML that says it is JSON', json(200, '<html>'), 'SUBGRAPH_NOT_JSON'],
    ['truncated JSON', json(200, '{"data":{"hel'), 'SUBGRAPH_NOT_JSON'],
    ['JSON that is no response', json(200, [1]), 'SUBGRAPH_BAD_RESPONSE'],
    ['a plain 503', json(503, 'busy', 'text/plain'), 'SUBGRAPH_HTTP_STATUS'],
    ['a JSON 404 that is no response', json(404, { error: 'x' }), 'SUBGRAPH_HTTP_STATUS'],
    ['a connection that breaks', (_body, incoming) => incoming.socket.destroy(), 'SUBGRAPH_UNREACHABLE'],
    [
      'half a body',
      (_body, incoming, response) =>
        response.writeHead(200, { 'content-length': 100 }).write('{', () => incoming.socket.destroy()),
      'SUBGRAPH_UNREACHABLE',
    ],
  ];
  for (const [what, handler, code] of answers) {
    test(`an answer of ${what} is ${code}`, async (t) =>
      fails((await transportTo(t, handler)).execute(request()), code));
  }

  test('an address where nobody listens is SUBGRAPH_UNREACHABLE', async (t) => {
    const server = await startTestServer(() => {});
    await server.close();
    const transport = httpTransport({ name: 'sub', url: server.url });
    t.after(() => transport.close());
    await fails(transport.execute(request()), 'SUBGRAPH_UNREACHABLE');
  });

  test('a response beyond the limit is cut off, announced or not', async (t) => {
    const big = 'x'.repeat(10_000);
    await fails(
      (await transportTo(t, json(200, { data: big }), { maxResponseBytes: 5_000 })).execute(request()),
      'SUBGRAPH_RESPONSE_TOO_LARGE',
    );
    let written = 0;
    const endless: Handler = (_body, _request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = (): void => {
        while (!response.destroyed && response.write(big)) written++;
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    };
    await fails(
      (await transportTo(t, endless, { maxResponseBytes: 50_000 })).execute(request()),
      'SUBGRAPH_RESPONSE_TOO_LARGE',
    );
    assert.ok(written < 10_000);
  });

  test('a subgraph that never answers is given up at the deadline, and the call ended there', async (t) => {
    const gone = Promise.withResolvers<void>();
    const transport = await transportTo(
      t,
      (_body, _request, response) => void response.on('close', () => gone.resolve()),
      { timeout: 50 },
    );
    await fails(transport.execute(request()), 'SUBGRAPH_TIMEOUT');
    await gone.promise;
    await fails(transport.execute(request(testContext({ deadline: Date.now() - 1 }))), 'SUBGRAPH_TIMEOUT');
  });

  test("the operation's own end ends its calls", async (t) => {
    const arrived = Promise.withResolvers<void>();
    const gone = Promise.withResolvers<void>();
    const transport = await transportTo(t, (_body, _request, response) => {
      arrived.resolve();
      response.on('close', () => gone.resolve());
    });
    const controller = new AbortController();
    const call = transport.execute(request(testContext({ signal: controller.signal })));
    call.catch(() => {});
    await arrived.promise;
    controller.abort();
    await fails(call, 'SUBGRAPH_ABORTED');
    await gone.promise;
    await fails(transport.execute(request(testContext({ signal: controller.signal }))), 'SUBGRAPH_ABORTED');
  });

  test('calls queue for its connections up to a limit', async (t) => {
    let open = 0;
    let most = 0;
    const waiting: (() => void)[] = [];
    const transport = await transportTo(
      t,
      (body, incoming, response) => {
        most = Math.max(most, ++open);
        waiting.push(() => {
          open--;
          json(200, { data: {} })(body, incoming, response);
        });
        if (open === 2 || waiting.length > 2) for (const answer of waiting.splice(0)) answer();
      },
      { connections: 2, maxQueued: 2 },
    );
    const calls = Array.from({ length: 4 }, () => transport.execute(request()));
    await fails(transport.execute(request()), 'SUBGRAPH_OVERLOADED');
    await Promise.all(calls);
    assert.equal(most, 2);
  });
});
