import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gtinCheckDigit, isGtin } from './gtin.ts';

test('check digits of published examples', () => {
  assert.equal(gtinCheckDigit('629104150021'), 3);
  assert.equal(gtinCheckDigit('400638133393'), 1);
  assert.equal(gtinCheckDigit('9638507'), 4);
  assert.equal(gtinCheckDigit('03600029145'), 2);
});

test('a wrong digit, a wrong length or anything but digits is no GTIN', () => {
  for (const good of ['4006381333931', '96385074', '036000291452', '10614141000415'])
    assert.ok(isGtin(good), good);
  for (const bad of ['4006381333932', '40063813339', '', '400638133393x', ' 4006381333931', '4006381339331'])
    assert.ok(!isGtin(bad), bad);
});
