import assert from 'node:assert/strict';
import { it } from 'node:test';
import { anonymous, type Caller } from '@aisle/platform/identity';
import { cacheHeaders } from './response-headers.ts';
import { ResponsePolicy } from './response-policy.ts';

const user: Caller = { kind: 'user', subject: 'usr_1', roles: ['customer'], region: 'eu' };
const part = (maxAge: number, age = 0, scope: 'PUBLIC' | 'PRIVATE' = 'PUBLIC') => ({ maxAge, age, scope });

function policyOf(...parts: ReturnType<typeof part>[]): ResponsePolicy {
  const policy = new ResponsePolicy(undefined);
  for (const one of parts) policy.add(one);
  return policy;
}

it('a response is kept for as long as the part that ends first', () => {
  assert.deepEqual(policyOf(part(300, 10), part(60), part(100, 30)).result, {
    maxAge: 60,
    age: 0,
    scope: 'PUBLIC',
  });
  assert.deepEqual(policyOf(part(300, 290), part(60)).result, { maxAge: 300, age: 290, scope: 'PUBLIC' });
});

it('is private when any part is, and not kept when any part is not', () => {
  assert.equal(policyOf(part(300), part(600, 0, 'PRIVATE')).result?.scope, 'PRIVATE');
  assert.equal(policyOf(part(300), part(10, 10)).result, undefined);
  assert.equal(policyOf().result, undefined);
  const forbidden = policyOf(part(300));
  forbidden.forbid();
  assert.equal(forbidden.result, undefined);
});

it('never promises a second that is not left', () => {
  assert.deepEqual(policyOf(part(10.9, 3.2)).result, { maxAge: 10, age: 4, scope: 'PUBLIC' });
  assert.equal(policyOf(part(10.9, 9.5)).result, undefined);
});

it('what clients may say', () => {
  const uses = (header: string | undefined) => {
    const { read, write } = new ResponsePolicy(header);
    return { read, write };
  };
  assert.deepEqual(uses(undefined), { read: true, write: true });
  assert.deepEqual(uses('max-age=5'), { read: true, write: true });
  for (const header of ['no-cache', 'No-Cache', 'max-age=0', 'foo, max-age = 0'])
    assert.deepEqual(uses(header), { read: false, write: true }, header);
  for (const header of ['no-store', 'no-cache, NO-STORE'])
    assert.deepEqual(uses(header), { read: false, write: false });
});

it('only visitors are told that an answer is public', () => {
  const headers = (caller: Caller, scope: 'PUBLIC' | 'PRIVATE') =>
    cacheHeaders(policyOf(part(60, 0, scope)), caller)['cache-control'];
  assert.equal(headers(anonymous('eu'), 'PUBLIC'), 'max-age=60, public');
  assert.equal(headers(user, 'PUBLIC'), 'max-age=60, private');
  assert.equal(headers(user, 'PRIVATE'), 'max-age=60, private');
  assert.deepEqual(cacheHeaders(policyOf(), user), { 'cache-control': 'no-store' });
});
