import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { allocateReturn, ledgerLine } from './movement.ts';
import { PARTITIONS, partitionOf } from './partition.ts';
import { parseLevels, parseUnits, stockOf, writeUnits } from './stock.ts';
import {
  checkCounted,
  checkDelta,
  checkIdempotencyKey,
  checkLines,
  isOrderId,
  isSku,
  isWarehouseId,
} from './validate.ts';

test('a SKU stays in its partition for ever, and partitions fill evenly', () => {
  // Changing these moves live counters: it needs a rebuild of every region.
  assert.deepEqual(['sku_milk', 'sku_bread', 'sku_01jq7r8f5wxyz'].map(partitionOf), [0, 3, 1]);
  const counts = new Array<number>(PARTITIONS).fill(0);
  for (let n = 0; n < 8_000; n++) counts[partitionOf(`sku_${n.toString(36)}`)]!++;
  for (const count of counts) assert.ok(count > 700 && count < 1_300, `${counts}`);
});

test('levels are read as the scripts write them', () => {
  const levels = parseLevels('whs_us_a=10/2/3,whs_us_b=5/0/0');
  const stock = stockOf(levels);
  assert.deepEqual([stock.onHand, stock.held, stock.sold, stock.available], [15, 2, 3, 10]);
  assert.deepEqual(stockOf(parseLevels('')).available, 0);
  assert.throws(() => parseLevels('whs_us_a=10/2'));
  assert.deepEqual(parseUnits(writeUnits([{ warehouseId: 'whs_us_a', quantity: 3 }])), [
    { warehouseId: 'whs_us_a', quantity: 3 },
  ]);
});

test('a sale and its restock, a receipt and its removal cancel out', () => {
  const unit = { warehouseId: 'whs_us_a', quantity: 4 };
  for (const [one, other] of [
    ['SALE', 'RESTOCK'],
    ['RECEIVE', 'REMOVE'],
  ] as const) {
    const [a, b] = [ledgerLine(one, 'sku_x', unit), ledgerLine(other, 'sku_x', unit)];
    assert.deepEqual([a.onHand + b.onHand, a.sold + b.sold], [0, 0]);
  }
  assert.deepEqual(ledgerLine('DISPATCH', 'sku_x', unit), {
    sku: 'sku_x',
    warehouseId: 'whs_us_a',
    onHand: -4,
    sold: -4,
  });
});

test('what comes back goes where it was sold from, and never more than that', () => {
  const sold = fc.array(fc.record({ warehouseId: fc.constantFrom('a', 'b', 'c'), quantity: fc.nat(20) }), {
    maxLength: 4,
  });
  fc.assert(
    fc.property(sold, fc.integer({ min: 1, max: 50 }), (lines, wanted) => {
      const total = lines.reduce((sum, { quantity }) => sum + quantity, 0);
      const back = allocateReturn(lines, wanted);
      if (wanted > total) return assert.equal(back, undefined);
      assert.equal(
        back!.reduce((sum, { quantity }) => sum + quantity, 0),
        wanted,
      );
      for (const { quantity } of back!) assert.ok(quantity > 0);
    }),
  );
});

test('ids that could reach into other keys are none', () => {
  for (const id of [
    'sku_',
    'sku_a b',
    'sku_a|b',
    'sku_a#b',
    'sku_a=1',
    'sku_a,b',
    'sku_{x}',
    'sku_a\nb',
    `sku_${'a'.repeat(61)}`,
    'prd_abc',
    '',
  ])
    assert.equal(isSku(id), false, id);
  assert.ok(isSku('sku_01jq7r8f5wxyz'));
  assert.ok(isOrderId('ord_us_01jq7r8f5w') && !isOrderId('ord_us_a:restock:b') && !isOrderId('usr_us_01jq'));
  assert.ok(isWarehouseId('whs_eu_lyon0') && !isWarehouseId('whs_eu_a=b'));
});

test('numbers and keys at their limits', () => {
  for (const ok of [0, 1, 1_000_000]) assert.equal(checkCounted(ok), undefined);
  for (const bad of [-1, 1_000_001, 0.5, Number.NaN]) assert.equal(checkCounted(bad)?.code, 'INVALID_INPUT');
  for (const ok of [1, -1, 1_000_000, -1_000_000]) assert.equal(checkDelta(ok), undefined);
  for (const bad of [0, 1_000_001, 0.5]) assert.equal(checkDelta(bad)?.code, 'INVALID_INPUT');
  assert.equal(checkIdempotencyKey('12345678'), undefined);
  for (const bad of ['1234567', 'ä'.repeat(8), 'x'.repeat(129), 'with blank'])
    assert.equal(checkIdempotencyKey(bad)?.code, 'INVALID_INPUT');
  assert.equal(checkLines([{ sku: 'sku_a', quantity: 9_999 }]), undefined);
  assert.equal(
    checkLines(Array.from({ length: 201 }, (_, n) => ({ sku: `sku_${n}`, quantity: 1 })))?.code,
    'INVALID_INPUT',
  );
});
