import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createClient } from 'graphql-sse';
import type { RunningRouter } from '../index.ts';
import { codeOf, post, testRouter } from './test-router.ts';

let router: RunningRouter;
before(async () => {
  router = await testRouter({ limits: { heartbeat: 40, bufferedEvents: 16 } });
});
after(() => router.stop());

const TICKS = 'subscription { ticks(to: 2) { n product { stock } } }';
const events = [1, 2].map((n) => ({ data: { ticks: { n, product: { stock: 10 } } } }));

const stream = (query: string, headers: Record<string, string>, url = router.url) =>
  fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });

async function collect(client: ReturnType<typeof createClient>, query: string): Promise<unknown[]> {
  const results: unknown[] = [];
  for await (const result of client.iterate({ query })) results.push(result);
  return results;
}

describe('server-sent events, distinct connections mode', () => {
  it('streams a subscription to the client of graphql-sse', async () => {
    const client = createClient({ url: router.url });
    assert.deepEqual(await collect(client, TICKS), events);
    client.dispose();
  });

  it('answers a query, and an operation that may not run, as events', async () => {
    const accept = { accept: 'text/event-stream' };
    const one = await stream('{ product(id: "1") { title } }', accept);
    assert.equal(one.headers.get('content-type'), 'text/event-stream; charset=utf-8');
    assert.equal(
      await one.text(),
      ':\n\nevent: next\ndata: {"data":{"product":{"title":"Oat milk"}}}\n\nevent: complete\ndata:\n\n',
    );
    const none = await stream('{ nothing }', accept);
    assert.equal(none.status, 200);
    assert.match(
      await none.text(),
      /event: next\ndata: \{"errors":.*GRAPHQL_VALIDATION_FAILED.*\n\nevent: complete/,
    );
  });

  it('takes a GET', async () => {
    const url = `${router.url}?query=${encodeURIComponent(TICKS)}`;
    const text = await (await fetch(url, { headers: { accept: 'text/event-stream' } })).text();
    assert.equal(text.match(/event: next/g)?.length, 2);
  });

  it('beats while nothing happens', async () => {
    const text = await (
      await stream('subscription { ticks(to: 1, everyMs: 150) { n } }', { accept: 'text/event-stream' })
    ).text();
    assert.ok((text.match(/^:$/gm)?.length ?? 0) >= 3);
  });

  it('needs a client that can read a stream', async () => {
    const answer = await post(router, { query: TICKS });
    assert.equal(answer.status, 406);
    assert.equal(codeOf(answer), 'NOT_ACCEPTABLE');
  });

  it('stops upstream when the client leaves', async () => {
    const abort = new AbortController();
    const response = await fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { ticks(to: 1000000) { n } }' }),
      signal: abort.signal,
    });
    await response.body?.getReader().read();
    abort.abort();
    await settled(/subscriptions_open 0\n/);
    await settled(/streams_open 0\n/);
  });

  it('ends a subscription whose client does not read', async () => {
    const response = await stream(
      'subscription { ticks(to: 100000, everyMs: 0, bytes: 200000) { n text } }',
      { accept: 'text/event-stream' },
    );
    await settled(/streams_ended_total\{reason="SLOW_CONSUMER"\} 1/);
    assert.match(await response.text(), /SLOW_CONSUMER.*\n\nevent: complete\ndata:\n\n$/);
  });
});

describe('server-sent events, single connection mode', () => {
  it('carries many operations of the client of graphql-sse on one stream', async () => {
    const client = createClient({
      url: router.url.replace('/graphql', '/graphql/stream'),
      singleConnection: true,
      lazyCloseTimeout: 100,
    });
    const answers = await Promise.all([
      collect(client, TICKS),
      // Another operation than the first, which would be shared from where it is.
      collect(client, TICKS.replace('to: 2', 'to: 2, everyMs: 2')),
      collect(client, '{ product(id: "1") { title } }'),
    ]);
    assert.deepEqual(answers, [events, events, [{ data: { product: { title: 'Oat milk' } } }]]);
    client.dispose();
  });

  const reserve = async () => {
    const response = await fetch(router.url, { method: 'PUT' });
    assert.equal(response.status, 201);
    return response.text();
  };
  const start = (
    token: string,
    id: string | undefined,
    query = TICKS,
    headers: Record<string, string> = {},
  ) =>
    post(
      router,
      { query, extensions: { operationId: id } },
      { 'x-graphql-event-stream-token': token, accept: 'application/json', ...headers },
    ).catch((error) => error);
  const open = (token: string) =>
    fetch(`${router.url}?token=${token}`, { headers: { accept: 'text/event-stream' } });

  it('gives a stream once, and to none without its token', async () => {
    const token = await reserve();
    const first = await open(token);
    assert.equal(first.status, 200);
    assert.equal((await open(token)).status, 409);
    assert.equal((await open('guessed')).status, 404);
    await first.body?.cancel();
  });

  it('keeps what comes before the stream does, in order, and no more than its buffer', async () => {
    const slow = router.meter.value('aisle_router_streams_ended_total', { reason: 'SLOW_CONSUMER' });
    const token = await reserve();
    assert.equal((await start(token, 'few', 'subscription { ticks(to: 5) { n } }')).status, 202);
    assert.equal(
      (await start(token, 'many', 'subscription { ticks(to: 60, everyMs: 0) { n text } }')).status,
      202,
    );
    await settled(new RegExp(`streams_ended_total\\{reason="SLOW_CONSUMER"\\} ${slow + 1}\n`));
    const response = await open(token);
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.match(/event: complete/g)?.length === 2) break;
    }
    const of = (id: string) =>
      [...text.matchAll(/^data: (\{.*\})$/gm)]
        .map(([, json]) => JSON.parse(json as string))
        .filter((event) => event.id === id && event.payload);
    assert.deepEqual(
      of('few').map(({ payload }) => payload.data.ticks.n),
      [1, 2, 3, 4, 5],
    );
    assert.equal(of('many').at(-1).payload.errors[0].extensions.code, 'SLOW_CONSUMER');
  });

  it('is reserved by nobody more often than their rate allows', async () => {
    const limited = await testRouter({ traffic: { rateLimit: { capacity: 250, perSecond: 1 } } });
    try {
      const statuses: number[] = [];
      for (let i = 0; i < 3; i++) statuses.push((await fetch(limited.url, { method: 'PUT' })).status);
      assert.deepEqual(statuses, [201, 201, 429]);
    } finally {
      await limited.stop();
    }
  });

  it('answers the request itself when the operation may not run', async () => {
    const token = await reserve();
    assert.equal(codeOf(await start(token, '1', '{ nothing }')), 'GRAPHQL_VALIDATION_FAILED');
    assert.equal((await start(token, undefined)).status, 400);
    assert.equal((await start('guessed', '1')).status, 404);
  });

  it('ends an operation on request, and refuses its id while it is in use', async () => {
    const token = await reserve();
    const response = await open(token);
    const endless = 'subscription { ticks(to: 1000000, everyMs: 5) { n } }';
    assert.equal((await start(token, 'a', endless)).status, 202);
    assert.equal((await start(token, 'a', endless)).status, 409);
    const stopped = await fetch(`${router.url}?operationId=a`, {
      method: 'DELETE',
      headers: { 'x-graphql-event-stream-token': token },
    });
    assert.equal(stopped.status, 200);
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('event: complete')) break;
    }
    assert.match(text, /event: complete\ndata: \{"id":"a"\}/);
  });
});

describe('multipart subscriptions', () => {
  it('streams parts that carry their payload', async () => {
    const response = await stream(TICKS, {
      accept: 'multipart/mixed;subscriptionSpec=1.0, application/json',
    });
    assert.match(
      response.headers.get('content-type') ?? '',
      /^multipart\/mixed; boundary="graphql"; subscriptionSpec=1.0$/,
    );
    const text = await response.text();
    assert.ok(text.startsWith('\r\n--graphql\r\n'));
    assert.ok(text.endsWith('\r\n--graphql--\r\n'));
    const parts = text
      .split('--graphql')
      .slice(1, -1)
      .map((part) => JSON.parse(part.split('\r\n\r\n')[1] ?? ''));
    assert.deepEqual(
      parts.filter((part) => 'payload' in part),
      events.map((payload) => ({ payload })),
    );
  });
});

async function settled(pattern: RegExp): Promise<void> {
  const end = Date.now() + 5000;
  while (!pattern.test(router.meter.render())) {
    if (Date.now() > end) throw new Error(`${pattern} did not come to be.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
