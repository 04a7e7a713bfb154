import assert from 'node:assert/strict';
import { it } from 'node:test';
import { restrictedMaxAge } from './header.ts';

const maxAge = (
  cacheControl: string | undefined,
  more: { age?: string; vary?: string } = {},
  scope: 'PUBLIC' | 'PRIVATE' = 'PUBLIC',
) => restrictedMaxAge({ maxAge: 60, scope }, { cacheControl, ...more });

for (const [header, expected] of [
  ['max-age=10', 10],
  ['public, max-age=10', 10],
  ['max-age=600', 60],
  ['public', 60],
  ['s-maxage=5, max-age=20', 5],
  ['Max-Age="7"', 7],
  ['max-age=0', 0],
  ['no-store', 0],
  ['no-cache', 0],
  ['private, max-age=30', 0],
  ['max-age=soon', 0],
  ['max-age', 0],
  ['max-age=-1', 0],
] as const)
  it(`a subgraph that says ${header} lets an answer be kept for ${expected} of 60 s`, () =>
    assert.equal(maxAge(header), expected));

it('what a subgraph calls private may be kept for its caller', () =>
  assert.equal(maxAge('private, max-age=30', {}, 'PRIVATE'), 30));

it('time that is over already counts', () => {
  assert.equal(maxAge('max-age=30', { age: '10' }), 20);
  assert.equal(maxAge('max-age=30', { age: 'old' }), 0);
});

it('an answer that varies by who asks is for nobody else', () => {
  for (const vary of ['*', 'Authorization', 'accept, Cookie', 'x-aisle-envelope'])
    assert.equal(maxAge(undefined, { vary }), 0);
  assert.equal(maxAge(undefined, { vary: 'accept-encoding' }), 60);
});
