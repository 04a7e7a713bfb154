import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasPrefix, newId, parseId, regionOf } from './index.ts';

test('an id carries its region and can be read back', () => {
  const id = newId('ord', 'eu');
  assert.match(id, /^ord_eu_[0-9a-z]{26}$/);
  assert.equal(regionOf(id), 'eu');
  assert.equal(regionOf(id, 'ord'), 'eu');
  assert.equal(regionOf(id, 'pay'), undefined);
  assert.ok(hasPrefix(id, 'ord'));
});

test('ids sort by the time they were made', () => {
  const ids = [1, 2, 3].map((i) => newId('evt', undefined, i * 1_000));
  assert.deepEqual([...ids].sort(), ids);
});

test('ten thousand ids of one millisecond are distinct', () => {
  const ids = new Set(Array.from({ length: 10_000 }, () => newId('evt', 'us', 1)));
  assert.equal(ids.size, 10_000);
});

test('anything that is not an id is undefined, never a crash', () => {
  for (const bad of [
    '',
    'ord',
    'ord_',
    'ord_xx_01j0',
    'ORD_eu_01J',
    `ord_eu_${'0'.repeat(100)}`,
    "ord_eu_'; drop",
    'ord_eu_01j0\n',
  ]) {
    assert.equal(parseId(bad), undefined, bad);
    assert.equal(regionOf(bad), undefined, bad);
  }
});
