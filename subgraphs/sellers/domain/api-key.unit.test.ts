import assert from 'node:assert/strict';
import { it } from 'node:test';
import { checkApiKey, composeKey, idOfKey, matches } from './api-key.ts';
import { decodeCursor, encodeCursor } from './page.ts';
import { checkProfile, nameKey } from './profile.ts';

const ID = 'key_01j00000000000000000000001';

it('finds its record by the key and recognises no other', () => {
  const { key, prefix, hash } = composeKey(ID, Buffer.alloc(32, 7));
  assert.equal(idOfKey(key), ID);
  assert.ok(matches(hash, key));
  assert.ok(!matches(hash, `${key.slice(0, -1)}x`));
  assert.ok(!key.startsWith(prefix) && prefix.length < 16, 'the prefix gives nothing away');
  for (const wrong of ['', 'aik_x_y', key.slice(1), `${key}0`, 'aik_'.repeat(1_000)])
    assert.equal(idOfKey(wrong), undefined);
});

it('needs a name and a scope', () => {
  assert.deepEqual(checkApiKey({ name: ' ERP ', scopes: ['ORDERS_READ', 'ORDERS_READ'] }), {
    name: 'ERP',
    scopes: ['ORDERS_READ'],
    errors: [],
  });
  assert.equal(checkApiKey({ name: ' ', scopes: [] }).errors.length, 2);
});

it('reads its own cursors and nothing else', () => {
  const position = { nameKey: 'shop', id: 'sel_1' };
  assert.deepEqual(decodeCursor(encodeCursor(position)), position);
  for (const wrong of ['', 'x', Buffer.from('[1,2]').toString('base64url'), 'a'.repeat(2_000)])
    assert.equal(decodeCursor(wrong), undefined);
});

it('knows one spelling per name and checks a profile', () => {
  assert.equal(nameKey("Ümit's  SHOP "), nameKey("ümit's shop"));
  const { profile } = checkProfile({ name: ' Green  Grocer ', contactEmail: 'Hello@Example.com' });
  assert.deepEqual(profile, { name: 'Green Grocer', description: '', contactEmail: 'hello@example.com' });
  assert.equal(
    checkProfile({ name: 'x', description: 'x'.repeat(2_001), contactEmail: 'x' }).errors.length,
    3,
  );
  assert.deepEqual(checkProfile({ description: 'New' }, profile).profile, { ...profile, description: 'New' });
});
