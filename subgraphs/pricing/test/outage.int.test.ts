import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Caller, service } from '@aisle/platform/identity';
import pg from 'pg';
import { type Component, startComponent, until } from '../../../test/testkit/index.ts';
import { pricing } from '../index.ts';
import type { Ports } from '../store/index.ts';
import { seed } from '../store/seed.ts';

let component: Component<Ports>;
before(async () => {
  component = await startComponent(pricing);
  await seed(component.subgraph.platform, {
    prices: [
      { sku: 'sku_pasta', region: 'eu', minor: 199, taxClass: 'REDUCED' },
      { sku: 'sku_sauce', region: 'eu', minor: 349, taxClass: 'REDUCED' },
    ],
    owners: [{ sku: 'sku_pasta', sellerId: 'sel_aaaa' }],
  });
});
after(() => component.stop());

const seller: Caller = {
  kind: 'user',
  subject: 'usr_eu_s',
  roles: ['seller'],
  region: 'eu',
  sellerId: 'sel_aaaa',
};

/** Shuts a database to everyone, or opens it again. */
async function allow(url: string, open: boolean): Promise<void> {
  const target = new URL(url);
  const name = target.pathname.slice(1);
  target.pathname = '/postgres';
  const admin = new pg.Client({ connectionString: target.href });
  await admin.connect();
  await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS ${open}`);
  if (!open)
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
  await admin.end();
}

const price = async (sku: string) => {
  const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ProductVariant { price(region: EU) { amount { minor } } } } }`;
  const { data, errors } = await component.run(query, { r: [{ __typename: 'ProductVariant', sku }] });
  return errors ? errors[0].extensions.code : data._entities[0].price.amount.minor;
};
const setPrice = async () => {
  const input = {
    idempotencyKey: 'outage-key-1',
    sku: 'sku_pasta',
    region: 'EU',
    amount: { currency: 'EUR', minor: 149 },
    taxClass: 'REDUCED',
    expectedVersion: 1,
  };
  const query =
    'mutation ($input: SetPriceInput!) { setPrice(input: $input) { price { version } errors { __typename } } }';
  return (await component.run(query, { input }, seller)).data.setPrice;
};
const quote = async (lines: unknown[]) => {
  const input = { region: 'EU', subject: 'crt_eu_1', owner: 'usr_eu_o', version: 1, lines };
  const query =
    'mutation ($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id } errors { code } } }';
  return component.run(query, { input }, service('cart'));
};

test('while the global database is away cached prices are shown, others and changes are refused, and then all goes on', async () => {
  assert.equal(await price('sku_pasta'), 199);
  await allow(component.env.DATABASE_URL, false);
  try {
    assert.equal(await price('sku_pasta'), 199);
    assert.equal(await price('sku_sauce'), 'UNAVAILABLE');
    const refused = await setPrice();
    assert.deepEqual([refused.price, refused.errors[0].__typename], [null, 'Unavailable']);
  } finally {
    await allow(component.env.DATABASE_URL, true);
  }
  const done = await until(async () => {
    const answer = await setPrice();
    return answer.errors.length === 0 ? answer : undefined;
  });
  assert.equal(done.price.version, 2, 'the refused call has left nothing behind');
  await until(async () => (await price('sku_pasta')) === 149);
  assert.equal(await price('sku_sauce'), 349);
});

test('while a region’s database is away its carts get no quote, and no wrong one', async () => {
  const lines = [{ sku: 'sku_sauce', quantity: 2 }];
  await allow(component.env.DATABASE_URL_EU!, false);
  try {
    assert.equal((await quote(lines)).errors?.[0].extensions.code, 'UNAVAILABLE');
  } finally {
    await allow(component.env.DATABASE_URL_EU!, true);
  }
  await until(async () => (await quote(lines)).data?.createQuote.quote);
});
