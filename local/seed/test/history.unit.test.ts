import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededOrder } from '@aisle/orders/seed';
import { checkAddress } from '../../../subgraphs/identity/domain/address.ts';
import { batchesOf, openShop } from '../goods/shop.ts';
import { OCCASIONS } from '../history/baskets.ts';
import { historyOf, type PastVariant } from '../history/orders.ts';
import { OPENED } from '../index.ts';
import { makeCustomer, makeDemoAccounts, makeOwner } from '../people/customers.ts';

const shop = openShop(OPENED);
const byLeaf = new Map<string, PastVariant[]>();
for (const { past } of batchesOf(shop, 2_000, 1_000))
  for (const { slug, variant } of past) byLeaf.set(slug, [...(byLeaf.get(slug) ?? []), variant]);
const customers = Array.from({ length: 500 }, (_, i) => makeCustomer(i, OPENED));
const people = [...customers, ...makeDemoAccounts(OPENED), ...shop.sellers.map(makeOwner)];
const past = {
  name: '2000',
  byLeaf,
  warehouses: shop.warehouses,
  from: Date.UTC(2026, 5, 1),
  until: Date.UTC(2026, 9, 31),
  feeBps: new Map(shop.sellers.map(({ id, feeBps }) => [id, feeBps])),
};
const history = customers.flatMap((customer) => historyOf(customer, past));

describe('people', () => {
  it('have addresses that identity accepts, in their own region, and an e-mail of their own', () => {
    for (const { addresses, region, email } of people)
      for (const { id: _, ...address } of addresses)
        assert.deepEqual(checkAddress(address, region).errors, [], `${email} ${JSON.stringify(address)}`);
    assert.equal(new Set(people.map(({ email }) => email)).size, people.length);
    assert.equal(new Set(people.map(({ id }) => id)).size, people.length);
  });

  it('live in all five regions', () => {
    const counts = Map.groupBy(customers, ({ region }) => region);
    assert.deepEqual(
      [...counts.values()].map((list) => list.length >= 80),
      [true, true, true, true, true],
    );
  });
});

describe('the order history', () => {
  it('adds up: the order, its split and its payment', () => {
    assert.ok(history.length > 1_500);
    for (const { order, payment } of history) {
      const { content } = seededOrder(order);
      assert.equal(payment.minor, content.total);
      const shares = content.parts.reduce((sum, { share }) => sum + share, 0);
      assert.equal(shares + content.fee, content.total);
    }
  });

  it('sells exactly what was ordered, and nothing for cancelled orders', () => {
    for (const { order, sales } of history) {
      const wanted =
        order.status === 'CANCELLED' ? [] : order.lines.map(({ sku, quantity }) => [sku, quantity]);
      assert.deepEqual(
        sales.map(({ sku, quantity }) => [sku, quantity]),
        wanted,
      );
    }
  });

  it('has real basket affinities: what belongs together is bought together far more often than by chance', () => {
    const leafOf = new Map(
      [...byLeaf].flatMap(([slug, variants]) => variants.map(({ sku }) => [sku, slug] as const)),
    );
    const baskets = history.map(({ order }) => new Set(order.lines.map(({ sku }) => leafOf.get(sku)!)));
    const share = (...slugs: string[]) =>
      baskets.filter((basket) => slugs.every((slug) => basket.has(slug))).length / baskets.length;
    const lift = (a: string, b: string) => share(a, b) / (share(a) * share(b));
    assert.ok(lift('long-pasta', 'pasta-sauces') > 3, `${lift('long-pasta', 'pasta-sauces')}`);
    assert.ok(lift('rice', 'curry-and-coconut') > 3);
    assert.ok(lift('laundry', 'dishwashing') > 3);
    assert.ok(lift('laundry', 'pasta-sauces') < 2);
  });

  it('knows every shelf that occasions name', () => {
    for (const slug of OCCASIONS.flat()) assert.ok(byLeaf.has(slug), slug);
  });

  it('is repeated by the same people: most who come back buy something again', () => {
    const perUser = Map.groupBy(history, ({ order }) => order.userId);
    const returning = [...perUser.values()].filter((orders) => orders.length > 2);
    const again = returning.filter((orders) => {
      const skus = orders.flatMap(({ order }) => order.lines.map(({ sku }) => sku));
      return new Set(skus).size < skus.length;
    });
    assert.ok(again.length / returning.length > 0.7, `${again.length} of ${returning.length}`);
  });
});
