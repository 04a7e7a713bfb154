import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { partitionFor } from '../store/keys.ts';
import { sweep } from '../store/reconcile.ts';
import {
  confirm,
  type Harness,
  RESERVE,
  release,
  reserve,
  restock,
  shopper,
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
const sku = () => `sku_cmd${count++}`;
const order = () => `ord_us_cmd${count++}`;

test('reserve holds, confirm sells, and what is sold stays on hand until it is shipped', async () => {
  const [milk, id] = [sku(), order()];
  await harness.stock(milk, 10);
  const { reservation } = await reserve(harness, id, [{ sku: milk, quantity: 3 }]);
  assert.deepEqual(reservation.lines, [{ sku: milk, warehouseId: WAREHOUSES.us, quantity: 3 }]);
  assert.ok(Date.parse(reservation.expiresAt) > Date.now() + 500_000);
  assert.deepEqual(await stockOf(harness, milk), { available: 7, onHand: 10, held: 3, sold: 0, live: true });
  assert.deepEqual(await confirm(harness, id), { confirmed: true, codes: [] });
  assert.deepEqual(await stockOf(harness, milk), { available: 7, onHand: 10, held: 0, sold: 3, live: true });
});

test('each command twice is once', async () => {
  const [milk, id] = [sku(), order()];
  await harness.stock(milk, 10);
  const first = await reserve(harness, id, [{ sku: milk, quantity: 2 }]);
  assert.deepEqual((await reserve(harness, id, [{ sku: milk, quantity: 2 }])).reservation, first.reservation);
  assert.deepEqual((await reserve(harness, id, [{ sku: milk, quantity: 4 }])).codes, ['INVALID_INPUT']);
  assert.equal((await stockOf(harness, milk)).held, 2, 'what was held stays held');
  for (let i = 0; i < 3; i++) assert.equal((await confirm(harness, id)).confirmed, true);
  assert.ok(
    (await reserve(harness, id, [{ sku: milk, quantity: 2 }])).reservation,
    'a late duplicate holds nothing more',
  );
  assert.deepEqual(await stockOf(harness, milk), { available: 8, onHand: 10, held: 0, sold: 2, live: true });
  for (let i = 0; i < 2; i++)
    assert.deepEqual(await restock(harness, id, [{ sku: milk, quantity: 2 }], 'cancelled'), {
      restocked: true,
      codes: [],
    });
  assert.deepEqual(await stockOf(harness, milk), { available: 10, onHand: 10, held: 0, sold: 0, live: true });
  const another = order();
  await reserve(harness, another, [{ sku: milk, quantity: 5 }]);
  for (let i = 0; i < 2; i++) assert.equal(await release(harness, another), true);
  assert.equal((await stockOf(harness, milk)).available, 10);
});

test('all lines or none', async () => {
  const [milk, bread, id] = [sku(), sku(), order()];
  await harness.stock(milk, 10);
  await harness.stock(bread, 1);
  const outcome = await reserve(harness, id, [
    { sku: milk, quantity: 2 },
    { sku: bread, quantity: 2 },
  ]);
  assert.deepEqual(outcome.codes, ['INSUFFICIENT_STOCK']);
  assert.deepEqual(
    [outcome.errors[0].sku, outcome.errors[0].available, outcome.errors[0].path],
    [bread, 1, ['input', 'lines', '1', 'quantity']],
  );
  assert.equal((await stockOf(harness, milk)).held, 0);
  assert.equal((await stockOf(harness, bread)).held, 0);
});

test('a line may come from several warehouses', async () => {
  const [milk, id] = [sku(), order()];
  await harness.stock(milk, 3);
  await harness.stock(milk, 4, WAREHOUSES.us2);
  const { reservation } = await reserve(harness, id, [{ sku: milk, quantity: 6 }]);
  assert.deepEqual(reservation.lines, [
    { sku: milk, warehouseId: WAREHOUSES.us2, quantity: 4 },
    { sku: milk, warehouseId: WAREHOUSES.us, quantity: 2 },
  ]);
  await confirm(harness, id);
  assert.equal(
    (await restock(harness, id, [{ sku: milk, quantity: 7 }], 'too many')).codes[0],
    'INVALID_INPUT',
  );
  assert.equal((await restock(harness, id, [{ sku: milk, quantity: 5 }], 'damaged in part')).restocked, true);
  assert.equal(
    (await restock(harness, id, [{ sku: milk, quantity: 2 }], 'more than is left')).codes[0],
    'INVALID_INPUT',
  );
  assert.deepEqual(await stockOf(harness, milk), { available: 6, onHand: 7, held: 0, sold: 1, live: true });
});

test('one reason names one restock, however many ask at once: of two inputs one is carried out, the other refused', async () => {
  for (let round = 0; round < 10; round++) {
    const [milk, bread, id] = [sku(), sku(), order()];
    const lines = [milk, bread].map((name) => ({ sku: name, quantity: 2 }));
    for (const { sku: name } of lines) await harness.stock(name, 10);
    await reserve(harness, id, lines);
    await confirm(harness, id);
    const outcomes = await Promise.all(
      [...lines, ...lines].map((line) => restock(harness, id, [line], 'cancelled')),
    );
    const refused = { restocked: false, codes: ['IDEMPOTENCY_KEY_REUSED'] };
    const done = { restocked: true, codes: [] };
    const [first] = outcomes;
    assert.deepEqual(
      outcomes,
      first!.restocked ? [done, refused, done, refused] : [refused, done, refused, done],
    );
    for (const [index, { sku: name }] of lines.entries()) {
      const sold = outcomes[index]!.restocked ? 0 : 2;
      const books = (await harness.ports.ledger.read('us', [name])).get(name)!;
      assert.deepEqual([(await stockOf(harness, name)).sold, books.sold], [sold, sold]);
    }
  }
});

test('a restock that was announced by a process that died is announced anew, with the units it is booked with', async () => {
  const [milk, id] = [sku(), order()];
  await harness.stock(milk, 10);
  await reserve(harness, id, [{ sku: milk, quantity: 3 }]);
  await confirm(harness, id);
  const { live, ledger } = harness.ports;
  const epoch = await live.epoch(partitionFor('us', milk));
  const units = [{ warehouseId: WAREHOUSES.us, quantity: 3 }];
  await live.begin('us', `${id}:restock:cancelled`, milk, epoch, { mode: 'restock', units });
  assert.equal((await restock(harness, id, [{ sku: milk, quantity: 1 }], 'cancelled')).restocked, true);
  const books = (await ledger.read('us', [milk])).get(milk)!;
  assert.deepEqual([(await stockOf(harness, milk)).sold, books.sold], [2, 2]);
});

test('confirm after expiry fails, and the units are for sale again', async () => {
  const [milk, id, other] = [sku(), order(), order()];
  await harness.stock(milk, 2);
  await reserve(harness, id, [{ sku: milk, quantity: 2 }], 60);
  harness.advance(59_000);
  assert.deepEqual((await reserve(harness, other, [{ sku: milk, quantity: 1 }])).codes, [
    'INSUFFICIENT_STOCK',
  ]);
  harness.advance(2_000);
  assert.ok((await reserve(harness, other, [{ sku: milk, quantity: 1 }])).reservation);
  assert.deepEqual(await confirm(harness, id), { confirmed: false, codes: ['HOLD_EXPIRED'] });
  assert.equal((await confirm(harness, other)).confirmed, true);
  assert.deepEqual(await stockOf(harness, milk), { available: 1, onHand: 2, held: 0, sold: 1, live: true });
});

test('with the lines given, confirm after expiry takes the units again when there are enough', async () => {
  const [milk, id, other] = [sku(), order(), order()];
  await harness.stock(milk, 2);
  const lines = [{ sku: milk, quantity: 2 }];
  await reserve(harness, id, lines, 60);
  harness.advance(61_000);
  assert.equal((await confirm(harness, id, lines)).confirmed, true);
  assert.deepEqual(await confirm(harness, other, lines), { confirmed: false, codes: ['HOLD_EXPIRED'] });
  assert.deepEqual(await stockOf(harness, milk), { available: 0, onHand: 2, held: 0, sold: 2, live: true });
});

test('confirm of an unknown order, release of a sold one', async () => {
  assert.deepEqual(await confirm(harness, order()), { confirmed: false, codes: ['HOLD_EXPIRED'] });
  assert.equal(await release(harness, order()), true);
  const [milk, id] = [sku(), order()];
  await harness.stock(milk, 2);
  await reserve(harness, id, [{ sku: milk, quantity: 1 }]);
  await confirm(harness, id);
  assert.equal(await release(harness, id), false);
  assert.equal(
    (await restock(harness, order(), [{ sku: milk, quantity: 1 }], 'no such order')).codes[0],
    'NOT_FOUND',
  );
});

test('200 buyers fight for 10 units: 10 get one', async () => {
  const milk = sku();
  await harness.stock(milk, 10);
  const buyers = Array.from({ length: 200 }, order);
  const outcomes = await Promise.all(
    buyers.map(async (id) => {
      const { reservation, codes } = await reserve(harness, id, [{ sku: milk, quantity: 1 }]);
      return reservation ? (await confirm(harness, id)).confirmed : codes[0];
    }),
  );
  assert.equal(outcomes.filter((outcome) => outcome === true).length, 10);
  assert.equal(outcomes.filter((outcome) => outcome === 'INSUFFICIENT_STOCK').length, 190);
  assert.deepEqual(await stockOf(harness, milk), { available: 0, onHand: 10, held: 0, sold: 10, live: true });
});

test('20 confirms of one order at once sell it once', async () => {
  const [milk, id] = [sku(), order()];
  await harness.stock(milk, 50);
  await reserve(harness, id, [{ sku: milk, quantity: 2 }]);
  const outcomes = await Promise.all(Array.from({ length: 20 }, () => confirm(harness, id)));
  assert.ok(outcomes.every(({ confirmed }) => confirmed));
  assert.deepEqual(await stockOf(harness, milk), { available: 48, onHand: 50, held: 0, sold: 2, live: true });
});

test('confirm and release of one order at once: one of them wins, for good', async () => {
  for (let round = 0; round < 20; round++) {
    const [milk, id] = [sku(), order()];
    await harness.stock(milk, 5);
    await reserve(harness, id, [{ sku: milk, quantity: 2 }]);
    const [{ confirmed }, released] = await Promise.all([confirm(harness, id), release(harness, id)]);
    assert.notEqual(confirmed, released);
    const { sold, held } = await stockOf(harness, milk);
    assert.deepEqual([sold, held], confirmed ? [2, 0] : [0, 0]);
  }
});

test('what an order has let go it cannot sell any more, however late a confirmation arrives', async () => {
  const [milk, id] = [sku(), order()];
  const lines = [{ sku: milk, quantity: 2 }];
  await harness.stock(milk, 5);
  await reserve(harness, id, lines);
  assert.equal(await release(harness, id), true);
  assert.deepEqual(await confirm(harness, id, lines), { confirmed: false, codes: ['HOLD_EXPIRED'] });
  const unknown = order();
  assert.equal(await release(harness, unknown), true, 'the reservation never came');
  assert.deepEqual(await confirm(harness, unknown, lines), { confirmed: false, codes: ['HOLD_EXPIRED'] });
  await sweep(harness.ports.live);
  assert.deepEqual(await stockOf(harness, milk), { available: 5, onHand: 5, held: 0, sold: 0, live: true });
  await reserve(harness, id, lines);
  assert.equal((await confirm(harness, id, lines)).confirmed, true, 'reserved anew it can');
  assert.equal(await release(harness, id), false);
});

test('confirm and release at once of an order whose hold ran out: one of them wins, for good', async () => {
  for (let round = 0; round < 20; round++) {
    const [milk, id] = [sku(), order()];
    const lines = [{ sku: milk, quantity: 2 }];
    await harness.stock(milk, 5);
    await reserve(harness, id, lines, 1);
    harness.advance(2_000);
    const [{ confirmed }, released] = await Promise.all([confirm(harness, id, lines), release(harness, id)]);
    assert.notEqual(confirmed, released);
    await sweep(harness.ports.live);
    const { sold, held } = await stockOf(harness, milk);
    assert.deepEqual([sold, held], confirmed ? [2, 0] : [0, 0]);
  }
});

test('nonsense is refused and changes nothing', async () => {
  const [milk, id] = [sku(), order()];
  await harness.stock(milk, 5);
  const bad: [string, { sku: string; quantity: number }[], number][] = [
    [id, [], 60],
    [id, [{ sku: milk, quantity: 0 }], 60],
    [id, [{ sku: milk, quantity: -1 }], 60],
    [id, [{ sku: milk, quantity: 10_000 }], 60],
    [id, [{ sku: 'sku_a b', quantity: 1 }], 60],
    [
      id,
      [
        { sku: milk, quantity: 1 },
        { sku: milk, quantity: 1 },
      ],
      60,
    ],
    [id, [{ sku: milk, quantity: 1 }], 0],
    [id, [{ sku: milk, quantity: 1 }], 86_401],
    ['ord_us_x:y#z', [{ sku: milk, quantity: 1 }], 60],
  ];
  for (const [orderId, lines, ttl] of bad)
    assert.deepEqual((await reserve(harness, orderId, lines, ttl)).codes, ['INVALID_INPUT']);
  assert.equal((await reserve(harness, id, [{ sku: sku(), quantity: 1 }])).codes[0], 'INSUFFICIENT_STOCK');
  assert.equal((await stockOf(harness, milk)).available, 5);
});

test('people may not send commands', async () => {
  const input = { orderId: order(), region: 'US', ttlSeconds: 60, lines: [{ sku: sku(), quantity: 1 }] };
  for (const caller of [
    shopper,
    { ...shopper, roles: ['admin' as const] },
    { ...shopper, kind: 'service' as const, subject: 'cart' },
  ]) {
    const { errors } = await harness.run(RESERVE, { input }, caller);
    assert.equal(errors?.[0].extensions.code, 'FORBIDDEN');
  }
});
