import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { OrderLine } from './order.ts';
import { splitBySeller } from './split.ts';

const line = (sellerId: string, net: number, tax: number): OrderLine => ({
  ...{
    sku: 'sku_a',
    title: 'A',
    sellerId,
    quantity: 1,
    unitPrice: net + tax,
    net,
    tax,
    taxBps: 0,
    gross: net + tax,
  },
});
const totalsOf = (lines: readonly OrderLine[], delivery: number, discount: number) => {
  const net = lines.reduce((sum, one) => sum + one.net, 0);
  const tax = lines.reduce((sum, one) => sum + one.tax, 0);
  return { net, tax, delivery, discount, total: net + tax + delivery - discount };
};
const fees = (bps: number) => new Map(['a', 'b', 'c', 'd'].map((id) => [id, bps]));

test('fees are a share of the net price, delivery is the marketplace’s', () => {
  const lines = [line('b', 1_000, 200), line('a', 333, 0), line('b', 500, 100)];
  const { parts, fee } = splitBySeller(
    'EUR',
    lines,
    totalsOf(lines, 300, 0),
    new Map([
      ['a', 1_500],
      ['b', 1_000],
    ]),
  );
  assert.deepEqual(parts, [
    { sellerId: 'a', net: 333, tax: 0, discount: 0, fee: 50, share: 283 },
    { sellerId: 'b', net: 1_500, tax: 300, discount: 0, fee: 150, share: 1_650 },
  ]);
  assert.equal(fee, 500);
});

test('for any lines: net + tax + delivery − discount = total = shares + fee, and nobody gets less than nothing', () => {
  const amounts = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(1_000_000), fc.nat(200_000));
  const property = fc.property(
    fc.array(amounts, { minLength: 1, maxLength: 30 }),
    fc.nat(2_000),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.nat(10_000),
    (rows, delivery, rate, bps) => {
      const lines = rows.map(([seller, net, tax]) => line(seller, net + 1, tax));
      const goods = lines.reduce((sum, { gross }) => sum + gross, 0);
      const totals = totalsOf(lines, delivery, Math.floor(goods * rate));
      const { parts, fee } = splitBySeller('EUR', lines, totals, fees(bps));
      assert.equal(parts.reduce((sum, { share }) => sum + share, 0) + fee, totals.total);
      for (const part of parts) {
        assert.equal(part.net + part.tax - part.discount, part.fee + part.share);
        assert.ok(part.fee >= 0 && part.share >= 0 && part.discount >= 0);
      }
    },
  );
  fc.assert(property, { numRuns: 300 });
});

test('what does not add up, or has a seller without terms, is never split', () => {
  const lines = [line('a', 100, 20)];
  const totals = totalsOf(lines, 0, 0);
  for (const wrong of [
    { ...totals, total: 119 },
    { ...totals, net: 99, total: 119 },
    { ...totals, delivery: 0.5, total: 120.5 },
  ]) {
    assert.throws(() => splitBySeller('EUR', lines, wrong, fees(1_000)), RangeError);
  }
  assert.throws(() => splitBySeller('EUR', lines, totals, new Map()), RangeError);
});
