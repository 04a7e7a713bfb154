import assert from 'node:assert/strict';
import { it } from 'node:test';
import { atOnce } from './at-once.ts';
import { checkCharge } from './promises.ts';
import { BrokenPromise } from './shop-error.ts';
import type { Order } from './types.ts';

const eur = (minor: number) => ({ currency: 'EUR', minor });
const given = (status: Order['status'], captured: number, refunded = 0): Order => ({
  id: 'ord_eu_1',
  status,
  total: eur(1_000),
  failure: null,
  payment: { status: 'CAPTURED', captured: eur(captured), refunded: eur(refunded) },
  progress: [],
});

it('bought means charged exactly once, taken back means nothing is kept', () => {
  checkCharge(given('CONFIRMED', 1_000));
  checkCharge(given('CANCELLED', 0));
  checkCharge(given('CANCELLED', 1_000, 1_000));
  checkCharge({ ...given('CANCELLED', 0), payment: null });
  const broken = [
    given('CONFIRMED', 0),
    given('CONFIRMED', 2_000),
    given('CONFIRMED', 1_000, 1),
    given('CANCELLED', 1_000),
    { ...given('CONFIRMED', 0), payment: null },
  ];
  for (const order of broken) assert.throws(() => checkCharge(order), BrokenPromise);
});

it('works on so many at once and keeps the order', async () => {
  let running = 0;
  let most = 0;
  const results = await atOnce([5, 1, 4, 2, 3], 2, async (item) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    return item * 10;
  });
  assert.deepEqual(results, [50, 10, 40, 20, 30]);
  assert.equal(most, 2);
  await assert.rejects(
    atOnce([1, 2], 1, () => Promise.reject(new Error('no'))),
    /no/,
  );
});
