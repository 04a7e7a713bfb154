import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { document } from '../../clients/shop/api.ts';
import { type Collector, type Span, startCollector, until } from '../testkit/index.ts';
import { fillCart, type Marketplace, newBuyer, startMarketplace } from './marketplace.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CLIENT = '00f067aa0ba902b7';
const PLACE = document('place-order');

/** From the span that handles the event back to the client, as they must hang below each other. */
const CHAIN = [
  ['aisle-orders', 'process PaymentCompleted.v1'],
  ['aisle-payments', 'send PaymentCompleted.v1'],
  ['aisle-payments', 'mutation CapturePayment'],
  ['aisle-orders', 'command CapturePayment'],
  ['aisle-orders', 'saga step capturePayment'],
  ['aisle-orders', 'saga order'],
  ['aisle-orders', 'mutation PlaceOrder__orders__0'],
  ['aisle-router', 'fetch orders'],
  ['aisle-router', 'POST /graphql'],
] as const;

for (const mode of ['single', 'distributed'] as const) {
  describe(`one purchase is one trace, ${mode}`, () => {
    let collector: Collector;
    let market: Marketplace;
    let spans: readonly Span[];
    before(async () => {
      collector = await startCollector();
      market = await startMarketplace({
        AISLE_MODE: mode,
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_BSP_SCHEDULE_DELAY: '100',
      });
      const buyer = await newBuyer(market, 'Eva Traced');
      const { sku } = await market.shelf(5);
      const input = await fillCart(market, buyer, sku);
      const response = await fetch(market.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${buyer.token}`,
          traceparent: `00-${TRACE}-${CLIENT}-01`,
          tracestate: 'vendor=1',
        },
        body: JSON.stringify({ query: PLACE, variables: { input } }),
      });
      assert.equal((await response.json()).data.placeOrder.order.status, 'CONFIRMED');
      const ofTrace = () => collector.spans.filter(({ traceId }) => traceId === TRACE);
      await until(() => CHAIN.every(([, name]) => ofTrace().some((span) => span.name === name)));
      spans = ofTrace();
    });
    after(async () => {
      await market?.stop();
      await collector?.close();
    });

    test('from the router to the consumer of the event it ends in, each below what caused it', () => {
      let span = spans.find(({ name }) => name === CHAIN[0][1]);
      for (const [service, name] of CHAIN) {
        // Over HTTP there is the callee's server span in between.
        const isServer = span?.name === 'POST /graphql' && name !== 'POST /graphql';
        if (isServer) span = spans.find(({ spanId }) => spanId === span?.parentSpanId);
        assert.deepEqual([span?.service, span?.name], [service, name]);
        if (name !== 'POST /graphql') span = spans.find(({ spanId }) => spanId === span?.parentSpanId);
      }
      assert.equal(span?.parentSpanId, CLIENT);
      assert.ok(spans.every(({ traceState }) => traceState === '' || traceState === 'vendor=1'));
    });

    test('every context that took part is in it', () => {
      const services = new Set(spans.map(({ service }) => service));
      for (const name of ['router', 'orders', 'cart', 'pricing', 'inventory', 'payments', 'identity'])
        assert.ok(services.has(`aisle-${name}`), name);
      const server = spans.filter(({ name }) => name === 'POST /graphql');
      assert.equal(server.length > 1, mode === 'distributed', 'a process per subgraph answers over HTTP');
    });

    test('stores and the payment provider are leaves of it; polling is in no trace', () => {
      const systems = new Set(spans.map(({ attributes }) => attributes['db.system.name']));
      assert.ok(systems.has('postgresql') && systems.has('redis'));
      assert.ok(spans.some(({ name }) => name === 'POST /v1/payment_intents'));
      const roots = new Set(
        collector.spans.filter((span) => span.parentSpanId === '').map(({ name }) => name),
      );
      for (const name of roots) assert.match(name, /^(POST \/|send |process )/);
    });

    test('operation, cost and request are told; nothing of the person is', () => {
      const [root] = spans.filter(({ parentSpanId }) => parentSpanId === CLIENT);
      assert.equal(root?.attributes['graphql.operation.name'], 'PlaceOrder');
      assert.ok(Number(root?.attributes['aisle.operation.cost']) > 0);
      for (const name of ['aisle.operation.hash', 'aisle.request_id'])
        assert.equal(typeof root?.attributes[name], 'string', name);
      assert.doesNotMatch(collector.bodies.join(), /Eva Traced|@example\.com|pm_card|Bearer/);
    });
  });
}
