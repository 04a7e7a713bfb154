import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Checkout, judge, place, type Quote } from './place.ts';

const quote: Quote = {
  ...{ id: 'quo_eu_1', cartId: 'crt_eu_1', region: 'eu', currency: 'EUR', isCurrent: true },
  ...{ net: 200, tax: 40, delivery: 300, discount: 0, total: 540 },
  lines: [{ sku: 'sku_a', quantity: 2, unitPrice: 120, net: 200, tax: 40, taxBps: 2_000, gross: 240 }],
};
const address = {
  name: 'Ada',
  line1: '1',
  line2: null,
  city: 'B',
  state: null,
  postcode: '1',
  country: 'DE',
  phone: null,
};
const fine: Checkout = {
  cart: { id: 'crt_eu_1', version: 1, lines: [{ sku: 'sku_a', quantity: 2 }] },
  quote,
  address,
  mayPayWith: true,
  variants: new Map([['sku_a', { sku: 'sku_a', title: 'A', sellerId: 'sel_a', isWithdrawn: false }]]),
  fees: new Map([['sel_a', 1_000]]),
  short: [],
};
const verdict = (more: Partial<Checkout>) => {
  const result = judge('eu', { ...fine, ...more });
  return result.kind === 'refused' ? result.refusals.map(({ __typename }) => __typename) : result.kind;
};

test('given a checkout, when it is judged, then fine, a new quote, or everything that is wrong', () => {
  const withdrawn = new Map([['sku_a', { ...fine.variants.get('sku_a')!, isWithdrawn: true }]]);
  assert.equal(verdict({}), 'fine');
  assert.equal(verdict({ quote: { ...quote, isCurrent: false } }), 'requote');
  assert.equal(verdict({ cart: { ...fine.cart, lines: [{ sku: 'sku_a', quantity: 3 }] } }), 'requote');
  assert.deepEqual(verdict({ quote: undefined }), ['NotFound']);
  assert.deepEqual(verdict({ quote: { ...quote, region: 'us' } }), ['NotFound']);
  assert.deepEqual(
    verdict({ quote: { ...quote, cartId: 'crt_eu_2' } }),
    ['NotFound'],
    'another cart’s quote',
  );
  assert.deepEqual(verdict({ mayPayWith: false }), ['NotFound']);
  assert.deepEqual(
    verdict({ quote: { ...quote, total: 100_000_000 } }),
    ['InvalidInput'],
    'no card takes that',
  );
  assert.deepEqual(verdict({ variants: new Map() }), ['ProductWithdrawn']);
  assert.deepEqual(verdict({ fees: new Map() }), ['ProductWithdrawn'], 'a seller that may not sell');
  assert.deepEqual(
    verdict({ address: undefined, variants: withdrawn, short: [{ sku: 'sku_a', available: 1 }] }),
    ['NotFound', 'ProductWithdrawn', 'InsufficientStock'],
  );
});

test('an order takes titles, sellers, amounts and address as they are', () => {
  const { variants, fees } = fine;
  const ids = { orderId: 'ord_eu_1', userId: 'usr_eu_a', region: 'eu', cartId: 'crt_eu_1' } as const;
  const order = place({ ...ids, quote, address, variants, fees, now: 5 });
  assert.equal(order.content.lines[0]!.title, 'A');
  assert.deepEqual(order.content.parts, [
    { sellerId: 'sel_a', net: 200, tax: 40, discount: 0, fee: 20, share: 220 },
  ]);
  assert.deepEqual([order.state.status, order.version, order.content.fee], ['PENDING', 1, 320]);
});
