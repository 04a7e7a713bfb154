import assert from 'node:assert/strict';
import { it } from 'node:test';
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose';
import { generateSigningKey, openAccessTokens } from './access-tokens.ts';

const NOW = Date.parse('2026-01-15T12:00:00Z');
const claims = {
  subject: 'usr_eu_1',
  kind: 'user',
  roles: ['customer', 'seller'],
  region: 'eu',
  sellerId: 'sel_1',
  sessionId: 'ses_eu_1',
} as const;

it('honours tokens of the former key after a rotation, and signs with the new one', async () => {
  const [former, fresh] = [JSON.parse(generateSigningKey()), JSON.parse(generateSigningKey())];
  const before = await openAccessTokens([former], 900);
  const after = await openAccessTokens([fresh, former], 900);
  const keys = createLocalJWKSet(after.jwks() as never);
  const options = { currentDate: new Date(NOW + 1_000), issuer: 'aisle', audience: 'aisle', typ: 'at+jwt' };
  const old = await before.sign(claims, NOW);
  const { payload } = await jwtVerify(old, keys, options);
  assert.equal(payload.seller, 'sel_1');
  const young = await after.sign(claims, NOW);
  await jwtVerify(young, keys, options);
  assert.notEqual(decodeProtectedHeader(old).kid, decodeProtectedHeader(young).kid);
  await assert.rejects(jwtVerify(young, createLocalJWKSet(before.jwks() as never), options));
  await assert.rejects(jwtVerify(young, keys, { ...options, currentDate: new Date(NOW + 901_000) }));
});

it('publishes nothing private', async () => {
  const key = JSON.parse(generateSigningKey());
  const text = JSON.stringify((await openAccessTokens([key], 900)).jwks());
  assert.ok(!text.includes(key.d) && !text.includes('"d"'));
  assert.ok(text.includes(key.x));
});
