import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AisleEvent } from '@aisle/platform/bus';
import { until } from '../../../test/testkit/index.ts';
import { sweep } from '../store/reconcile.ts';
import { createRelay } from '../store/relay.ts';
import { confirm, type Harness, release, reserve, restock, startInventory, WAREHOUSES } from './harness.ts';

const SUBSCRIBE = `subscription ($skus: [ID!]!, $region: Region, $after: String) { stockChanged(skus: $skus, region: $region, after: $after) {
  cursor sku kind at variant { sku } stock { available onHand held sold live warehouses { warehouse { id } available } } } }`;

let harness: Harness;
before(async () => {
  harness = await startInventory({ background: false });
});
after(() => harness.stop());

interface Change {
  cursor: string;
  sku: string;
  kind: string;
  stock: {
    available: number;
    onHand: number;
    held: number;
    sold: number;
    warehouses: { warehouse: { id: string } }[];
  };
}
type Events = Awaited<ReturnType<Harness['subscribe']>>;
const follow = (skus: string[], after?: string) =>
  harness.subscribe(SUBSCRIBE, { skus, region: 'US', after });

async function take(events: Events, count: number): Promise<Change[]> {
  const taken: Change[] = [];
  while (taken.length < count)
    taken.push(JSON.parse(JSON.stringify((await events.next()).value)).data.stockChanged);
  return taken;
}

let number = 0;
async function stocked(units: number): Promise<string> {
  const sku = `sku_live${number++}`;
  await harness.stock(sku, units);
  return sku;
}
const order = () => `ord_us_live${number++}`;

test('every movement of a variant, as it happens', async () => {
  const sku = await stocked(10);
  const events = await follow([sku]);
  const [one, two] = [order(), order()];
  await reserve(harness, one, [{ sku, quantity: 2 }]);
  await confirm(harness, one);
  await restock(harness, one, [{ sku, quantity: 1 }], 'cancelled');
  await reserve(harness, two, [{ sku, quantity: 4 }], 30);
  await release(harness, two);
  await reserve(harness, two, [{ sku, quantity: 5 }], 30);
  harness.advance(31_000);
  await sweep(harness.ports.live);
  await harness.stock(sku, 12);
  const told = await take(events, 8);
  assert.deepEqual(
    told.map(({ kind, stock }) => [kind, stock.available, stock.onHand, stock.held, stock.sold]),
    [
      ['HELD', 8, 10, 2, 0],
      ['SOLD', 8, 10, 0, 2],
      ['RESTOCKED', 9, 10, 0, 1],
      ['HELD', 5, 10, 4, 1],
      ['RELEASED', 9, 10, 0, 1],
      ['HELD', 4, 10, 5, 1],
      ['RELEASED', 9, 10, 0, 1],
      ['ADJUSTED', 11, 12, 0, 1],
    ],
  );
  assert.equal(told[0]!.stock.warehouses[0]!.warehouse.id, WAREHOUSES.us);
  await events.return?.();
});

test('a cursor over several variants resumes without gap or duplicate', async () => {
  const skus = await Promise.all(Array.from({ length: 5 }, () => stocked(100)));
  const moves = async (times: number) => {
    for (let n = 0; n < times; n++) await reserve(harness, order(), [{ sku: skus[n % 5]!, quantity: 1 }]);
  };
  const first = await follow(skus);
  await moves(10);
  const seen = await take(first, 4);
  await first.return?.();
  await moves(10);
  const second = await follow(skus, seen.at(-1)!.cursor);
  await moves(5);
  const rest = await take(second, 21);
  const perSku = new Map(
    skus.map((sku) => [
      sku,
      [...seen, ...rest].filter((change) => change.sku === sku).map(({ stock }) => stock.available),
    ]),
  );
  for (const seenOfSku of perSku.values()) assert.deepEqual(seenOfSku, [99, 98, 97, 96, 95]);
  await second.return?.();
});

test('who subscribes after the cursor of now misses nothing from then on', async () => {
  const [sku, other] = [await stocked(10), await stocked(10)];
  await reserve(harness, order(), [{ sku, quantity: 1 }]);
  const skus = [sku, other];
  const asked = await harness.run('query ($skus: [ID!]!) { stockCursor(skus: $skus, region: US) }', { skus });
  await reserve(harness, order(), [{ sku, quantity: 2 }]);
  const events = await follow(skus, (asked.data as { stockCursor: string }).stockCursor);
  await reserve(harness, order(), [{ sku: other, quantity: 3 }]);
  assert.deepEqual(
    (await take(events, 2)).map(({ kind, stock }) => [kind, stock.available]),
    [
      ['HELD', 7],
      ['HELD', 7],
    ],
  );
  await events.return?.();
  const refused = await harness.run('{ stockCursor(skus: []) }', {});
  assert.equal(refused.errors?.[0]?.extensions?.code, 'BAD_USER_INPUT');
});

test('bad requests are refused', async () => {
  const code = async (variables: Record<string, unknown>) => {
    const events = await harness.subscribe(SUBSCRIBE, variables);
    return (await events.next()).value.errors?.[0]?.extensions?.code;
  };
  const sku = await stocked(1);
  assert.equal(await code({ skus: [] }), 'BAD_USER_INPUT');
  assert.equal(await code({ skus: Array.from({ length: 101 }, (_, n) => `sku_n${n}`) }), 'BAD_USER_INPUT');
  assert.equal(await code({ skus: ['no sku'] }), 'BAD_USER_INPUT');
  assert.equal(await code({ skus: [sku], after: 'nonsense' }), 'BAD_USER_INPUT');
});

test('movements are published: the newest of each variant in a flush, low stock once, and again after a crash under the same id', async () => {
  const relay = createRelay(harness.ports.live.redis, harness.bus);
  await until(async () => (await relay.flush()) === 0);
  const from = harness.bus.published.length;
  const sku = await stocked(20);
  for (let n = 0; n < 6; n++) await reserve(harness, order(), [{ sku, quantity: 2 }]);
  await relay.flush();
  const events = harness.bus.published.slice(from);
  assert.deepEqual(
    events.map(({ type, data }) => [type, (data as { available: number }).available]),
    [
      ['StockUpdated.v1', 8],
      ['StockLow.v1', 8],
    ],
  );

  let lost = true;
  const published: string[] = [];
  const flaky = createRelay(harness.ports.live.redis, {
    ...harness.bus,
    publish: async (_, batch) => {
      published.push(...batch.map(({ id }) => id));
      if (lost) throw new Error('the bus is down');
    },
  });
  await reserve(harness, order(), [{ sku, quantity: 2 }]);
  await assert.rejects(flaky.flush());
  lost = false;
  const { redis } = harness.ports.live;
  const pending = async () => {
    const keys = (await redis.keys('inventory:*:movements')) as string[];
    const counts = await Promise.all(
      keys.map(async (stream) => Number((await redis.xPending(stream, 'bus')).pending)),
    );
    return counts.reduce((a, b) => a + b, 0);
  };
  assert.equal(await pending(), 1);
  await createRelay(
    redis,
    { ...harness.bus, publish: async (_, batch) => void published.push(...batch.map(({ id }) => id)) },
    { takeOverMs: 0 },
  ).flush();
  assert.equal(await pending(), 0);
  assert.equal(published.length, 2);
  assert.equal(published[0], published[1]);
});

test('after a loss of Redis every SKU is told of, however it stands, and again after a crash under the same id', async () => {
  const { redis } = harness.ports.live;
  const relay = createRelay(redis, harness.bus);
  await until(async () => (await relay.flush()) === 0);
  const [sold, still] = [await stocked(9), await stocked(4)];
  const id = order();
  await reserve(harness, id, [{ sku: sold, quantity: 2 }]);
  await confirm(harness, id);
  await relay.flush();

  await redis.flushDb();
  await harness.ports.rebuilder.restoreAll();
  const told: { id: string; subject: string; data: unknown }[] = [];
  let lost = true;
  const flaky = {
    ...harness.bus,
    publish: async (_: string, events: readonly AisleEvent[]) => {
      told.push(...events);
      if (lost) throw new Error('the bus is down');
    },
  };
  const crashed = createRelay(redis, flaky);
  await assert.rejects(async () => {
    for (let rounds = 0; rounds < 100; rounds++) await crashed.flush();
  }, /the bus is down/);
  lost = false;
  const [first] = told.splice(0);
  const next = createRelay(redis, flaky, { takeOverMs: 0 });
  await next.flush();
  await until(async () => (await next.flush()) === 0 && next.restored() === 0);

  const of = (sku: string) => told.filter(({ subject }) => subject === `us/${sku}`);
  assert.deepEqual(
    of(sold).map(({ data }) => [(data as { available: number }).available, (data as { sold: number }).sold]),
    [[7, 2]],
  );
  assert.equal((of(still)[0]!.data as { available: number }).available, 4);
  assert.ok(
    told.some(({ id }) => id === first!.id),
    'the same event again',
  );
});

test('a stock that was never known by anyone is not told of at its first start', async () => {
  const fresh = await startInventory({ background: false });
  try {
    await fresh.stock('sku_first', 3);
    const relay = createRelay(fresh.ports.live.redis, fresh.bus);
    await relay.flush();
    assert.equal(relay.restored(), 0);
    assert.deepEqual(
      fresh.bus.published.map(({ subject }) => subject),
      ['us/sku_first'],
    );
  } finally {
    await fresh.stop();
  }
});
