import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { until } from '../../../test/testkit/index.ts';
import {
  APPLY,
  approvedSeller,
  asService,
  type Harness,
  person,
  SUSPEND,
  staff,
  startSellers,
} from './harness.ts';

let harness: Harness;
before(async () => {
  harness = await startSellers();
});
after(() => harness.stop());

const CREATE = `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) {
  apiKey { id name prefix scopes lastUsedAt revokedAt } secret errors { code path } } }`;
const REVOKE = `mutation ($id: ID!) { revokeApiKey(id: $id) { apiKey { id revokedAt } errors { code path } } }`;
const RESOLVE = `query ($key: String!) { resolveApiKey(key: $key) { keyId sellerId userId region scopes roles } }`;
const KEYS = `query ($id: ID!) { seller(id: $id) { apiKeys { id lastUsedAt revokedAt } } }`;

const create = async (
  sellerId: string,
  who: ReturnType<typeof person>,
  changes: Record<string, unknown> = {},
) =>
  (
    await harness.run(
      CREATE,
      { input: { sellerId, name: 'ERP', scopes: ['CATALOGUE_WRITE'], ...changes } },
      who,
    )
  ).data.createApiKey;
const resolve = async (key: string) =>
  (await harness.run(RESOLVE, { key }, asService('router'))).data.resolveApiKey;

it('a key acts for its seller until it is revoked, and its secret is not kept', async () => {
  const owner = person('usr_eu_000000owner1');
  const sellerId = await approvedSeller(harness, owner, 'Shop One');
  const { apiKey, secret, errors } = await create(sellerId, owner);
  assert.deepEqual(errors, []);
  assert.deepEqual(await resolve(secret), {
    keyId: apiKey.id,
    sellerId,
    userId: owner.subject,
    region: 'EU',
    scopes: ['CATALOGUE_WRITE'],
    roles: ['seller'],
  });
  const rows = JSON.stringify(
    await harness.subgraph.platform.databases().global.query('SELECT * FROM api_keys'),
  );
  assert.ok(!rows.includes(secret.slice(-43)));
  await until(
    async () => (await harness.run(KEYS, { id: sellerId }, owner)).data.seller.apiKeys[0].lastUsedAt,
  );

  for (const wrong of [
    `${secret.slice(0, -1)}A`,
    `${secret.slice(0, -1)}B`,
    'nonsense',
    '',
    secret.toUpperCase(),
  ])
    if (wrong !== secret) assert.equal(await resolve(wrong), null);

  const revoked = await harness.run(REVOKE, { id: apiKey.id }, owner);
  assert.ok(revoked.data.revokeApiKey.apiKey.revokedAt);
  assert.equal(await resolve(secret), null, 'at once, where it was revoked');
  const again = await harness.run(REVOKE, { id: apiKey.id }, owner);
  assert.equal(again.data.revokeApiKey.apiKey.revokedAt, revoked.data.revokeApiKey.apiKey.revokedAt);
});

it('only the router may ask for whom a key acts', async () => {
  for (const caller of [staff, asService('orders'), undefined])
    assert.equal((await harness.run(RESOLVE, { key: 'x' }, caller)).errors?.[0].extensions.code, 'FORBIDDEN');
});

it('strangers make, see and revoke no keys', async () => {
  const owner = person('usr_eu_000000owner2');
  const sellerId = await approvedSeller(harness, owner, 'Shop Two');
  const { apiKey, secret } = await create(sellerId, owner);
  const stranger = person('usr_eu_0000stranger', {
    roles: ['customer', 'seller'],
    sellerId: 'sel_01j0000000000000000000other',
  });
  assert.equal((await create(sellerId, stranger)).errors[0].code, 'NOT_ALLOWED');
  assert.equal(
    (await harness.run(REVOKE, { id: apiKey.id }, stranger)).data.revokeApiKey.errors[0].code,
    'NOT_FOUND',
  );
  assert.equal((await harness.run(KEYS, { id: sellerId }, stranger)).data.seller.apiKeys, null);
  const { sessionId: _, ...program } = person('usr_eu_000000owner2', { roles: ['seller'], sellerId });
  const byKey = await harness.run(
    CREATE,
    { input: { sellerId, name: 'More', scopes: ['ORDERS_READ'] } },
    program,
  );
  assert.equal(byKey.errors?.[0].extensions.code, 'UNAUTHENTICATED', 'a key makes no keys');
  assert.ok(await resolve(secret));
  const entity = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on Seller { id name contactEmail apiKeys { id } } } }`;
  const seen = await harness.run(entity, { r: [{ __typename: 'Seller', id: sellerId }] }, stranger);
  assert.deepEqual(seen.data._entities, [
    { id: sellerId, name: 'Shop Two', contactEmail: null, apiKeys: null },
  ]);
});

it('an applicant has no keys, and a suspended seller’s keys stop', async () => {
  const owner = person('usr_eu_000000owner3');
  const applied = await harness.run(
    APPLY,
    { input: { name: 'Shop Three', contactEmail: 'a@b.example' } },
    owner,
  );
  assert.equal((await create(applied.data.applySeller.seller.id, owner)).errors[0].code, 'NOT_ALLOWED');

  const other = person('usr_eu_000000owner4');
  const sellerId = await approvedSeller(harness, other, 'Shop Four');
  const { secret } = await create(sellerId, other);
  assert.ok(await resolve(secret));
  const suspended = await harness.run(
    SUSPEND,
    { input: { sellerId, expectedVersion: 2, reason: 'Late' } },
    staff,
  );
  assert.deepEqual(suspended.data.suspendSeller.errors, []);
  assert.equal(await resolve(secret), null);
});

it('names, scopes and numbers of keys are checked', async () => {
  const owner = person('usr_eu_000000owner5');
  const sellerId = await approvedSeller(harness, owner, 'Shop Five');
  assert.equal((await create(sellerId, owner, { name: ' ' })).errors[0].code, 'INVALID_INPUT');
  assert.equal((await create(sellerId, owner, { scopes: [] })).errors[0].code, 'INVALID_INPUT');
  const made = await Promise.all(Array.from({ length: 23 }, () => create(sellerId, owner)));
  assert.equal(made.filter(({ secret }) => secret).length, 20);
  assert.ok(made.filter(({ secret }) => !secret).every(({ errors }) => errors[0].code === 'NOT_ALLOWED'));
});
