import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  add,
  allocate,
  basisPoints,
  divideRounded,
  fromWire,
  money,
  splitInclusive,
  sum,
  times,
  toWire,
} from './index.ts';

test('halves are rounded away from zero, as receipts do', () => {
  assert.deepEqual(
    [5n, -5n, 4n, 6n].map((n) => divideRounded(n, 10n)),
    [1n, -1n, 0n, 1n],
  );
  assert.deepEqual(basisPoints(money('EUR', 1_05), 1_900), money('EUR', 20));
});

test('currencies never mix', () => {
  assert.throws(() => add(money('EUR', 1), money('INR', 1)), RangeError);
  assert.throws(() => sum('USD', [money('GBP', 1)]), RangeError);
});

test('net and tax of an inclusive price add up exactly, for any price and rate', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.integer({ min: 0, max: 3_000 }), (minor, bps) => {
      const { net, tax } = splitInclusive(money('GBP', minor), bps);
      assert.equal(net.minor + tax.minor, minor);
      assert.ok(tax.minor >= 0n && net.minor >= 0n);
    }),
  );
});

test('an allocation adds up exactly and each part is within one unit of its share', () => {
  const weights = fc
    .array(fc.bigInt({ min: 0n, max: 10n ** 6n }), { minLength: 1, maxLength: 20 })
    .filter((w) => w.some((x) => x > 0n));
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 9n }), weights, (minor, parts) => {
      const total = parts.reduce((a, b) => a + b, 0n);
      const shares = allocate(money('BRL', minor), parts);
      assert.equal(
        shares.reduce((a, b) => a + b.minor, 0n),
        minor,
      );
      shares.forEach((share, i) => {
        const floor = (minor * parts[i]!) / total;
        assert.ok(share.minor === floor || share.minor === floor + 1n);
      });
    }),
  );
  assert.throws(() => allocate(money('USD', 1), [0n]), RangeError);
});

test('the wire form round-trips and refuses unknown currencies', () => {
  const amount = times(money('INR', 9_999), 3);
  assert.deepEqual(fromWire(toWire(amount)), amount);
  assert.throws(() => fromWire({ currency: 'XXX', minor: 1 }), RangeError);
});
