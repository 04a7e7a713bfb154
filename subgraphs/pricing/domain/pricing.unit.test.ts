import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REGIONS, type Region } from '@aisle/platform/identity';
import { currencyOf, money } from '@aisle/platform/money';
import fc from 'fast-check';
import { deliveryTerms } from './delivery.ts';
import { mayPrice, type Price, priceProblem } from './price.ts';
import { includesDelivery, linesProblem, maySeeQuote, priceLines, pricesHold } from './quote.ts';
import { type TaxClass, taxed } from './tax.ts';

const price = (
  region: Region,
  sku: string,
  minor: number | bigint,
  taxClass: TaxClass = 'REDUCED',
  version = 1,
): Price => ({
  sku,
  region,
  amount: money(currencyOf(region), minor),
  taxClass,
  version,
});

test('tax comes on top in the United States and is part of the price elsewhere', () => {
  assert.deepEqual(taxed('us', 'STANDARD', money('USD', 1_000)), {
    net: money('USD', 1_000),
    tax: money('USD', 83),
    gross: money('USD', 1_083),
    taxBps: 825,
  });
  assert.deepEqual(taxed('eu', 'REDUCED', money('EUR', 1_070)), {
    net: money('EUR', 1_000),
    tax: money('EUR', 70),
    gross: money('EUR', 1_070),
    taxBps: 700,
  });
  assert.equal(taxed('gb', 'ZERO', money('GBP', 250)).tax.minor, 0n);
});

test('any lines add up exactly: net + tax + delivery − discount = total', () => {
  const line = fc.record({
    quantity: fc.integer({ min: 1, max: 9_999 }),
    minor: fc.bigInt({ min: 1n, max: 10n ** 8n }),
    taxClass: fc.constantFrom<TaxClass>('STANDARD', 'REDUCED', 'ZERO'),
  });
  fc.assert(
    fc.property(
      fc.constantFrom(...REGIONS),
      fc.array(line, { minLength: 1, maxLength: 30 }),
      fc.boolean(),
      (region, wishes, deliver) => {
        const prices = new Map(
          wishes.map((wish, i) => [`sku_${i}`, price(region, `sku_${i}`, wish.minor, wish.taxClass)]),
        );
        const totals = priceLines(
          region,
          wishes.map(({ quantity }, i) => ({ sku: `sku_${i}`, quantity })),
          prices,
          deliver,
        );
        for (const { net, tax, gross } of totals.lines) assert.equal(net.minor + tax.minor, gross.minor);
        assert.equal(
          totals.net.minor,
          totals.lines.reduce((a, l) => a + l.net.minor, 0n),
        );
        assert.equal(
          totals.tax.minor,
          totals.lines.reduce((a, l) => a + l.tax.minor, 0n),
        );
        assert.equal(
          totals.net.minor + totals.tax.minor + totals.delivery.minor - totals.discount.minor,
          totals.total.minor,
        );
      },
    ),
  );
});

test("delivery is free from the region's threshold on", () => {
  const { fee, freeFrom } = deliveryTerms('gb');
  const one = (minor: bigint) =>
    priceLines('gb', [{ sku: 'a', quantity: 1 }], new Map([['a', price('gb', 'a', minor)]]), true);
  assert.deepEqual(one(freeFrom.minor - 1n).delivery, fee);
  assert.equal(one(freeFrom.minor).delivery.minor, 0n);
  assert.ok(includesDelivery(one(freeFrom.minor)) && includesDelivery(one(1n)));
});

test('a quote holds while every price is the version it was made from', () => {
  const prices = new Map([['a', price('in', 'a', 5_000)]]);
  const quote = priceLines('in', [{ sku: 'a', quantity: 2 }], prices, false);
  assert.ok(pricesHold(quote, prices));
  assert.ok(!pricesHold(quote, new Map([['a', price('in', 'a', 5_000, 'REDUCED', 2)]])));
  assert.ok(!pricesHold(quote, new Map()));
});

test('lines that cannot be quoted are named', () => {
  const line = (quantity: number, sku = 'a') => ({ sku, quantity });
  assert.match(linesProblem([])!, /nothing/);
  for (const quantity of [0, -1, 1.5, 10_000, Number.NaN])
    assert.match(linesProblem([line(quantity)])!, /quantity of a/);
  assert.match(linesProblem([line(1), line(2)])!, /two lines/);
  assert.match(linesProblem(Array.from({ length: 201 }, (_, i) => line(1, `s${i}`)))!, /200 lines/);
  assert.equal(linesProblem([line(9_999)]), undefined);
});

test("a price is positive, in the region's currency, and not absurd", () => {
  assert.match(priceProblem('eu', money('USD', 1))!, /EUR/);
  assert.match(priceProblem('eu', money('EUR', 0))!, /more than zero/);
  assert.match(priceProblem('eu', money('EUR', -1))!, /more than zero/);
  assert.match(priceProblem('eu', money('EUR', 10n ** 12n))!, /at most/);
  assert.equal(priceProblem('eu', money('EUR', 199)), undefined);
});

test('who may set a price and who may see a quote', () => {
  const person = (roles: ('customer' | 'seller' | 'staff')[], sellerId?: string) => ({
    kind: 'user' as const,
    subject: 'usr_eu_1',
    roles,
    region: 'eu' as const,
    ...(sellerId && { sellerId }),
  });
  assert.ok(mayPrice(person(['seller'], 'sel_1'), 'sel_1'));
  assert.ok(!mayPrice(person(['seller'], 'sel_2'), 'sel_1'));
  assert.ok(!mayPrice(person(['customer'], 'sel_1'), 'sel_1'));
  assert.ok(mayPrice(person(['staff']), 'sel_1'));
  assert.ok(maySeeQuote(person(['customer']), { owner: 'usr_eu_1' }));
  assert.ok(!maySeeQuote(person(['customer']), { owner: 'usr_eu_2' }));
  assert.ok(!maySeeQuote({ kind: 'anonymous', subject: '', roles: [], region: 'eu' }, { owner: '' }));
});
