import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createEvent } from '@aisle/platform/bus';
import type { Caller } from '@aisle/platform/identity';
import {
  ADJUST,
  confirm,
  type Harness,
  otherSeller,
  READ,
  reserve,
  SELLER,
  SET,
  seller,
  shopper,
  staff,
  startInventory,
  stockOf,
  WAREHOUSES,
} from './harness.ts';

let harness: Harness;
before(async () => {
  harness = await startInventory({ background: false });
});
after(() => harness.stop());

let count = 0;
async function owned(units = 0): Promise<string> {
  const sku = `sku_own${count++}`;
  await harness.ports.owners.learn([{ sku, sellerId: SELLER, productId: 'prd_x', version: 1 }]);
  if (units > 0) await harness.stock(sku, units);
  return sku;
}
const key = () => `key-${count++}-0000`;
const warehouseId = WAREHOUSES.us;

async function set(input: Record<string, unknown>, caller: Caller | undefined = seller) {
  const { data, errors } = await harness.run(
    SET,
    { input: { idempotencyKey: key(), warehouseId, ...input } },
    caller,
  );
  return errors
    ? { thrown: errors[0].extensions?.code ?? errors[0].message }
    : { ...data.setStock, codes: data.setStock.errors.map((error: { code: string }) => error.code) };
}
async function adjust(input: Record<string, unknown>, caller: Caller | undefined = seller) {
  const { data, errors } = await harness.run(
    ADJUST,
    { input: { idempotencyKey: key(), warehouseId, reason: 'delivery', ...input } },
    caller,
  );
  return errors
    ? { thrown: errors[0].extensions?.code ?? errors[0].message }
    : { ...data.adjustStock, codes: data.adjustStock.errors.map((error: { code: string }) => error.code) };
}

test('a seller counts, receives and writes off', async () => {
  const sku = await owned();
  const counted = await set({ sku, onHand: 20 });
  assert.deepEqual(
    [counted.codes, counted.stock.available, counted.stock.warehouses[0].warehouse.name],
    [[], 20, 'East'],
  );
  assert.equal((await adjust({ sku, delta: 5 })).stock.onHand, 25);
  assert.equal((await adjust({ sku, delta: -10, reason: 'breakage' })).stock.onHand, 15);
  assert.equal((await set({ sku, onHand: 15 })).stock.onHand, 15);
  assert.equal((await set({ sku, onHand: 3 })).stock.onHand, 3);
  assert.deepEqual(await stockOf(harness, sku), { available: 3, onHand: 3, held: 0, sold: 0, live: true });
  assert.equal((await harness.ports.ledger.read('us', [sku])).get(sku)?.onHand, 3);
});

test('units that are held or sold cannot be counted or written away', async () => {
  const sku = await owned(10);
  await reserve(harness, 'ord_us_away1', [{ sku, quantity: 3 }]);
  await reserve(harness, 'ord_us_away2', [{ sku, quantity: 3 }]);
  await confirm(harness, 'ord_us_away2');
  const short = await set({ sku, onHand: 5 });
  assert.deepEqual([short.codes, short.errors[0].available], [['INSUFFICIENT_STOCK'], 4]);
  assert.deepEqual((await adjust({ sku, delta: -5 })).codes, ['INSUFFICIENT_STOCK']);
  assert.deepEqual((await set({ sku, onHand: 6 })).codes, []);
  assert.deepEqual(await stockOf(harness, sku), { available: 0, onHand: 6, held: 3, sold: 3, live: true });
});

test('numbers out of range are typed and change nothing', async () => {
  const sku = await owned(10);
  for (const onHand of [-1, 1_000_001, 2_147_483_647])
    assert.deepEqual((await set({ sku, onHand })).codes, ['INVALID_INPUT']);
  for (const delta of [0, -1_000_001, 1_000_001])
    assert.deepEqual((await adjust({ sku, delta })).codes, ['INVALID_INPUT']);
  assert.deepEqual((await adjust({ sku, delta: -11 })).codes, ['INVALID_INPUT']);
  assert.deepEqual((await adjust({ sku, delta: 1_000_000 })).codes, ['INVALID_INPUT']);
  for (const reason of [' ', 'broken\u0000glass', '\ud800'])
    assert.deepEqual((await adjust({ sku, delta: -1, reason })).codes, ['INVALID_INPUT']);
  for (const idempotencyKey of ['short', 'with space in it', 'x'.repeat(129)])
    assert.deepEqual((await set({ sku, onHand: 4, idempotencyKey })).codes, ['INVALID_INPUT']);
  assert.equal((await stockOf(harness, sku)).onHand, 10);
});

test('only the seller of the variant or staff', async () => {
  const sku = await owned(10);
  assert.deepEqual((await set({ sku, onHand: 1 }, otherSeller)).codes, ['NOT_ALLOWED']);
  assert.equal((await set({ sku, onHand: 1 }, shopper)).thrown, 'FORBIDDEN');
  assert.equal(
    (await harness.run(SET, { input: { idempotencyKey: key(), sku, warehouseId, onHand: 1 } })).errors?.[0]
      .extensions.code,
    'UNAUTHENTICATED',
  );
  assert.deepEqual((await set({ sku, onHand: 11 }, staff)).codes, []);
  assert.deepEqual((await set({ sku: 'sku_nobodys', onHand: 1 })).codes, ['NOT_FOUND']);
  assert.deepEqual((await set({ sku: 'no sku', onHand: 1 }, staff)).codes, ['NOT_FOUND']);
  for (const other of ['whs_us_nowhere', 'whs_xx_nowhere', 'nonsense', 'ord_us_0001'])
    assert.deepEqual((await set({ sku, onHand: 1, warehouseId: other })).codes, ['NOT_FOUND']);
  assert.equal((await stockOf(harness, sku)).onHand, 11);
});

test('one key changes once: again, 20 times at once, with another input', async () => {
  const sku = await owned(10);
  const idempotencyKey = key();
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => adjust({ sku, delta: 5, idempotencyKey })),
  );
  for (const answer of answers) assert.deepEqual(answer, answers[0]);
  assert.equal(answers[0].stock.onHand, 15);
  await adjust({ sku, delta: 1 });
  assert.deepEqual(await adjust({ sku, delta: 5, idempotencyKey }), answers[0]);
  assert.deepEqual((await adjust({ sku, delta: 6, idempotencyKey })).codes, ['IDEMPOTENCY_KEY_REUSED']);
  assert.deepEqual((await set({ sku, onHand: 5, idempotencyKey })).codes, ['IDEMPOTENCY_KEY_REUSED']);
  assert.deepEqual(
    (await adjust({ sku, delta: 5, idempotencyKey }, staff)).codes,
    [],
    'a key is its user’s own',
  );
  assert.equal((await stockOf(harness, sku)).onHand, 21);
});

test('one key with two inputs at once: one of them counts', async () => {
  for (let round = 0; round < 10; round++) {
    const sku = await owned(10);
    const idempotencyKey = key();
    const answers = await Promise.all([1, 2, 1, 2].map((delta) => adjust({ sku, delta, idempotencyKey })));
    const { onHand, held } = await stockOf(harness, sku);
    assert.ok(onHand === 11 || onHand === 12);
    assert.equal(held, 0);
    const expected = [1, 2, 1, 2].map((delta) => (10 + delta === onHand ? [] : ['IDEMPOTENCY_KEY_REUSED']));
    assert.deepEqual(
      answers.map(({ codes }) => codes),
      expected,
    );
  }
});

test('counts and receipts at once add up with the ledger', async () => {
  const sku = await owned(100);
  await Promise.all([
    ...Array.from({ length: 20 }, () => adjust({ sku, delta: 3 })),
    ...Array.from({ length: 20 }, () => adjust({ sku, delta: -2, reason: 'breakage' })),
  ]);
  assert.equal((await stockOf(harness, sku)).onHand, 120);
  await Promise.all([set({ sku, onHand: 7 }), set({ sku, onHand: 7 }), set({ sku, onHand: 7 })]);
  assert.equal((await stockOf(harness, sku)).onHand, 7);
  assert.equal((await harness.ports.ledger.read('us', [sku])).get(sku)?.onHand, 7);
});

test('the catalogue says whose a variant is, and an old event takes nothing back', async () => {
  const sku = 'sku_fromevent';
  const changed = (sellerId: string, version: number) =>
    createEvent(
      {
        type: 'ProductChanged.v1',
        producer: 'catalogue',
        subject: 'prd_e',
        version,
        data: { productId: 'prd_e', sellerId, skus: [sku], withdrawn: false, version },
      },
      Date.now(),
    );
  await harness.bus.publish('others', [changed(SELLER, 3)]);
  await harness.bus.publish('others', [changed('sel_0000other', 2)]);
  await harness.bus.idle();
  assert.deepEqual((await set({ sku, onHand: 1 })).codes, []);
  assert.deepEqual((await set({ sku, onHand: 1 }, otherSeller)).codes, ['NOT_ALLOWED']);
});

test('the stock of many variants is one round trip, and unknown ones have none', async () => {
  const skus = await Promise.all(Array.from({ length: 40 }, (_, n) => owned(n + 1)));
  const refs = [...skus, 'sku_never'].map((sku) => ({ __typename: 'ProductVariant', sku }));
  const { redis } = harness.ports.live;
  let reads = 0;
  const read = harness.ports.live.read;
  const counted: typeof read = (...args) => {
    reads++;
    return read(...args);
  };
  Object.assign(harness.ports.live, { read: counted });
  const { data } = await harness.run(READ, { refs, region: 'US' });
  Object.assign(harness.ports.live, { read });
  assert.equal(reads, 1);
  assert.ok(redis.isReady);
  assert.deepEqual(
    data._entities.map(({ stock }: { stock: { available: number } }) => stock.available),
    [...skus.map((_, n) => n + 1), 0],
  );
});

test('without a region it is the caller’s; warehouses by region', async () => {
  const sku = await owned();
  await harness.stock(sku, 4, WAREHOUSES.eu);
  const refs = [{ __typename: 'ProductVariant', sku }];
  const { data } = await harness.run(READ, { refs }, { ...shopper, region: 'eu' });
  assert.deepEqual([data._entities[0].stock.region, data._entities[0].stock.available], ['EU', 4]);
  const query =
    '{ all: warehouses { id } eu: warehouses(region: EU) { id region name city } br: warehouses(region: BR) { id } one: warehouse(id: "whs_us_west0") { name } none: warehouse(id: "x") { name } }';
  const answer = (await harness.run(query)).data;
  assert.deepEqual(
    [answer.all.length, answer.eu, answer.br, answer.one, answer.none],
    [3, [{ id: WAREHOUSES.eu, region: 'EU', name: 'Lyon', city: 'Lyon' }], [], { name: 'West' }, null],
  );
});
