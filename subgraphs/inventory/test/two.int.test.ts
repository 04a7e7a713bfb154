import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { until } from '../../../test/testkit/index.ts';
import {
  ADJUST,
  confirm,
  type Harness,
  release,
  reserve,
  staff,
  startInventory,
  stockOf,
  WAREHOUSES,
} from './harness.ts';

/** Two instances of the context on the same stores, with all their background work. */
let one: Harness;
let two: Harness;
before(async () => {
  one = await startInventory();
  two = await startInventory({ on: one });
});
after(async () => {
  await two.stop();
  await one.stop();
});

const either = (n: number): Harness => (n % 2 === 0 ? one : two);

test('200 buyers at two instances fight for 10 units: 10 get one, and every movement is told once by both', async () => {
  const sku = 'sku_twofight';
  await one.stock(sku, 10);
  const query =
    'subscription ($skus: [ID!]!) { stockChanged(skus: $skus, region: US) { kind stock { available sold } } }';
  const followers = await Promise.all([one, two].map((harness) => harness.subscribe(query, { skus: [sku] })));
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, async (_, n) => {
      const id = `ord_us_twofight${n}`;
      const { reservation } = await reserve(either(n), id, [{ sku, quantity: 1 }]);
      // The other instance confirms, and both do at once.
      return reservation
        ? (await Promise.all([confirm(either(n), id), confirm(either(n + 1), id)])).every(
            ({ confirmed }) => confirmed,
          )
        : false;
    }),
  );
  assert.equal(outcomes.filter(Boolean).length, 10);
  assert.deepEqual(await stockOf(two, sku), { available: 0, onHand: 10, held: 0, sold: 10, live: true });
  for (const follower of followers) {
    const kinds: string[] = [];
    while (kinds.length < 20)
      kinds.push(JSON.parse(JSON.stringify((await follower.next()).value)).data.stockChanged.kind);
    assert.deepEqual(
      [kinds.filter((kind) => kind === 'HELD').length, kinds.filter((kind) => kind === 'SOLD').length],
      [10, 10],
    );
    await follower.return?.();
  }
});

test('one key at two instances changes once', async () => {
  const sku = 'sku_twokey';
  await one.stock(sku, 10);
  const input = {
    idempotencyKey: 'two-instances',
    sku,
    warehouseId: WAREHOUSES.us,
    delta: 5,
    reason: 'delivery',
  };
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, n) => either(n).run(ADJUST, { input }, staff)),
  );
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal((await stockOf(one, sku)).onHand, 15);
});

test('what runs out is ended, and what moved is published, once among the two', async () => {
  const sku = 'sku_twosweep';
  await one.stock(sku, 10);
  await reserve(one, 'ord_us_twosweep', [{ sku, quantity: 3 }], 30);
  assert.equal((await stockOf(two, sku)).held, 3);
  one.advance(31_000);
  two.advance(31_000);
  await until(async () => (await stockOf(one, sku)).held === 0, { ms: 10_000 });
  assert.equal(await release(two, 'ord_us_twosweep'), true);
  const published = () =>
    [...one.bus.published, ...two.bus.published].filter(({ subject }) => subject === `us/${sku}`);
  await until(() => published().some(({ data }) => (data as { available: number }).available === 10), {
    ms: 10_000,
  });
  const ids = published().map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
});
