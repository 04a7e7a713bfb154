import assert from 'node:assert/strict';
import { after, afterEach, before, describe, it } from 'node:test';
import { silentLog } from '@aisle/platform/log';
import { type RunningTracing, startTracing } from '@aisle/platform/telemetry';
import { WebSocket } from 'ws';
import { type Collector, type Span, startCollector } from '../../test/testkit/collector.ts';
import { until } from '../../test/testkit/until.ts';
import type { RunningRouter } from '../server/index.ts';
import { type HttpSubgraph, httpSubgraph } from '../server/test/http-subgraph.ts';
import { post, testHosts, testRouter } from '../server/test/test-router.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CLIENT = '00f067aa0ba902b7';
const traceparent = `00-${TRACE}-${CLIENT}-01`;
const STOCK = '{ product(id: 1) { title stock } }';

describe('a router that is traced', () => {
  let collector: Collector;
  let tracing: RunningTracing;
  let inventory: HttpSubgraph;
  let router: RunningRouter;
  before(async () => {
    collector = await startCollector();
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_BSP_SCHEDULE_DELAY: '5' };
    tracing = await startTracing({ env, log: silentLog });
    inventory = await httpSubgraph(testHosts.inventory!);
    router = await testRouter({
      hosts: { catalogue: testHosts.catalogue! },
      routingUrls: { inventory: inventory.url },
      subgraphs: { inventory: { retries: 2 } },
    });
  });
  after(async () => {
    await router?.stop();
    await inventory?.stop();
    await tracing?.stop();
    await collector?.close();
  });
  let seen = 0;
  afterEach(() => {
    seen = collector.spans.length;
  });

  /** Spans since the last test, once that of the request is there. */
  async function spansOf(name = 'POST /graphql'): Promise<Map<string, Span>> {
    const fresh = () => collector.spans.slice(seen);
    await until(() => fresh().some((span) => span.name === name));
    return new Map(fresh().map((span) => [span.name, span]));
  }

  it('continues the trace of its client down to a subgraph behind HTTP', async () => {
    await post(router, { query: STOCK }, { traceparent, tracestate: 'vendor=1', baggage: 'user=eva' });
    const spans = await spansOf();
    const [request, fetch] = [spans.get('POST /graphql'), spans.get('fetch inventory')];
    assert.deepEqual([request?.traceId, request?.parentSpanId], [TRACE, CLIENT]);
    assert.deepEqual([fetch?.traceId, fetch?.parentSpanId], [TRACE, request?.spanId]);
    assert.equal(fetch?.attributes['aisle.fetch.entities'], 1);
    const { headers } = inventory.calls.at(-1)!;
    assert.equal(headers.traceparent, `00-${TRACE}-${fetch?.spanId}-01`);
    assert.equal(headers.tracestate, 'vendor=1');
    assert.equal(headers.baggage, undefined, 'what clients say in their baggage is theirs');
  });

  it('tells whether the operation was planned before', async () => {
    const plan = async () => {
      await post(router, { query: 'query Planned { product(id: 1) { title } }' });
      const cached = (await spansOf()).get('graphql.plan')?.attributes['aisle.plan.cached'];
      seen = collector.spans.length;
      return cached;
    };
    assert.deepEqual([await plan(), await plan()], [false, true]);
  });

  for (const bad of ['nonsense', `00-${'0'.repeat(32)}-${CLIENT}-01`, `${traceparent}, ${traceparent}`])
    it(`begins a new trace for the traceparent "${bad.slice(0, 12)}…"`, async () => {
      await post(router, { query: STOCK }, { traceparent: bad });
      const request = (await spansOf()).get('POST /graphql');
      assert.equal(request?.parentSpanId, '');
      assert.notEqual(request?.traceId, TRACE);
    });

  it('records nothing of what its client does not sample, and says so downstream', async () => {
    await post(router, { query: STOCK }, { traceparent: `00-${TRACE}-${CLIENT}-00` });
    assert.match(String(inventory.calls.at(-1)?.headers.traceparent), new RegExp(`^00-${TRACE}-.{16}-00$`));
    // The next one's spans come after those of the one before.
    await post(router, { query: STOCK });
    await spansOf();
    assert.equal(collector.spans.slice(seen).filter(({ traceId }) => traceId === TRACE).length, 0);
  });

  it('marks what failed with the code of its first error', async () => {
    await post(router, { query: '{ forbidden }' });
    const spans = await spansOf();
    for (const name of ['POST /graphql', 'fetch catalogue'])
      assert.deepEqual(
        [spans.get(name)?.failed, spans.get(name)?.attributes['error.type']],
        [true, 'FORBIDDEN'],
      );
  });

  it('marks what is not valid, without a word of it', async () => {
    await post(router, { query: '{ eva }' });
    const spans = await spansOf();
    assert.equal(spans.get('graphql.plan')?.attributes['error.type'], 'GRAPHQL_VALIDATION_FAILED');
    assert.doesNotMatch(collector.bodies.join(), /eva/);
  });

  it('gives each event of a subscription a span, with the fetches that complete it', async () => {
    const socket = new WebSocket(router.url.replace('http', 'ws'), 'graphql-transport-ws', {
      headers: { traceparent },
    });
    const query = 'subscription Watch { ticks(to: 2, everyMs: 20) { n product { stock } } }';
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (data) => {
      const { type } = JSON.parse(String(data));
      if (type === 'connection_ack')
        socket.send(JSON.stringify({ type: 'subscribe', id: '1', payload: { query } }));
    });
    const fresh = (name: string) => collector.spans.slice(seen).filter((span) => span.name === name);
    await until(() => fresh('subscription event').length === 2 && fresh('fetch inventory').length === 2);
    socket.terminate();
    const [opened] = fresh('subscription Watch');
    assert.deepEqual([opened?.traceId, opened?.parentSpanId], [TRACE, CLIENT]);
    assert.equal(fresh('subscribe catalogue')[0]?.parentSpanId, opened?.spanId);
    const events = fresh('subscription event');
    assert.deepEqual(new Set(events.map(({ parentSpanId }) => parentSpanId)), new Set([opened?.spanId]));
    assert.deepEqual(
      new Set(fresh('fetch inventory').map(({ parentSpanId }) => parentSpanId)),
      new Set(events.map(({ spanId }) => spanId)),
    );
  });

  it('says of an operation without fetches that it shared the answer of an equal one', async () => {
    const query = 'query Shared { slow(ms: 60) }';
    await Promise.all([post(router, { query }), post(router, { query })]);
    const requests = () => collector.spans.slice(seen).filter(({ name }) => name === 'POST /graphql');
    await until(() => requests().length === 2);
    const shared = requests().filter(({ attributes }) => attributes['aisle.operation.deduplicated']);
    assert.equal(shared.length, 1);
    const fetches = collector.spans.slice(seen).filter(({ name }) => name === 'fetch catalogue');
    assert.equal(fetches.length, 1);
    assert.notEqual(fetches[0]?.traceId, shared[0]?.traceId);
  });

  it('counts the tries of a fetch', async () => {
    await inventory.stop();
    await post(router, { query: STOCK });
    const fetch = (await spansOf()).get('fetch inventory');
    assert.equal(fetch?.attributes['error.type'], 'SUBGRAPH_UNREACHABLE');
    assert.ok(Number(fetch?.attributes['aisle.fetch.attempts']) > 1);
    assert.ok(fetch?.events.includes('retry'));
  });
});

describe('a router that is not traced', () => {
  it('passes a valid trace context on as it is, and begins one otherwise', async () => {
    const inventory = await httpSubgraph(testHosts.inventory!);
    const router = await testRouter({
      hosts: { catalogue: testHosts.catalogue! },
      routingUrls: { inventory: inventory.url },
    });
    await post(router, { query: STOCK }, { traceparent, tracestate: 'vendor=1' });
    await post(router, { query: STOCK }, { traceparent: 'nonsense', tracestate: 'vendor=1' });
    await router.stop();
    await inventory.stop();
    const [first, second] = inventory.calls.map(({ headers }) => headers);
    assert.deepEqual([first?.traceparent, first?.tracestate], [traceparent, 'vendor=1']);
    assert.match(String(second?.traceparent), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    assert.equal(second?.tracestate, undefined, 'a state belongs to its trace');
  });
});
