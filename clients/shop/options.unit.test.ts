import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readOptions } from './options.ts';
import { ShopError } from './shop-error.ts';

it('acts on the local shop unless told otherwise', () => {
  const { url, region, scenario, buyers, stock, json } = readOptions([], {});
  assert.deepEqual(
    { url, region, scenario, buyers, stock, json },
    {
      url: 'http://127.0.0.1:4000/graphql',
      region: 'EU',
      scenario: 'buy',
      buyers: 0,
      stock: 10,
      json: false,
    },
  );
  assert.equal(readOptions([], { PORT: '4711' }).url, 'http://127.0.0.1:4711/graphql');
  assert.equal(
    readOptions(['--url', 'http://a.example/graphql'], { AISLE_URL: 'x' }).url,
    'http://a.example/graphql',
  );
});

it('takes each scenario and the crowd', () => {
  for (const scenario of ['decline', 'lost-reply', 'timeout', 'requires-action'])
    assert.equal(readOptions([`--${scenario}`], {}).scenario, scenario);
  const { buyers, stock, region } = readOptions(['--buyers', '200', '--stock=0', '--region', 'br'], {});
  assert.deepEqual({ buyers, stock, region }, { buyers: 200, stock: 0, region: 'BR' });
});

it('refuses what it does not understand', () => {
  const wrong = [
    ['--bogus'],
    ['buy'],
    ['--buyers'],
    ['--buyers', '-1'],
    ['--buyers', '1.5'],
    ['--buyers', '2001'],
    ['--stock', 'many'],
    ['--region', 'MARS'],
    ['--decline', '--timeout'],
    ['--requires-action', '--buyers', '2'],
  ];
  for (const args of wrong) assert.throws(() => readOptions(args, {}), ShopError, args.join(' '));
});
