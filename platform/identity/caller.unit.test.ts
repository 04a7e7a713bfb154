import assert from 'node:assert/strict';
import { it } from 'node:test';
import { hasScope } from './caller.ts';

it('people have no scopes to lack; a program has those of its key', () => {
  assert.ok(hasScope({}, 'ORDERS_READ'));
  assert.ok(hasScope({ scopes: ['ORDERS_READ'] }, 'ORDERS_READ'));
  assert.ok(!hasScope({ scopes: ['CATALOGUE_READ'] }, 'ORDERS_READ'));
  assert.ok(!hasScope({ scopes: [] }, 'ORDERS_READ'));
});
