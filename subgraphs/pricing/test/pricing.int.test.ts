import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createEvent } from '@aisle/platform/bus';
import { anonymous, type Caller, service } from '@aisle/platform/identity';
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
      { sku: 'sku_pasta', region: 'us', minor: 229, taxClass: 'STANDARD' },
    ],
    owners: [{ sku: 'sku_pasta', sellerId: 'sel_a' }],
  });
});
after(() => component.stop());

const seller: Caller = {
  kind: 'user',
  subject: 'usr_eu_s',
  roles: ['seller'],
  region: 'eu',
  sellerId: 'sel_a',
};
const owner: Caller = { kind: 'user', subject: 'usr_eu_o', roles: ['customer'], region: 'eu' };
const orders = service('orders', 'eu');
const cart = service('cart', 'eu');

const CREATE = `mutation ($input: CreateQuoteInput!) { createQuote(input: $input) { quote { id current total { currency minor } net { minor } tax { minor } delivery { minor } lines { sku gross { minor } } } errors { __typename code path } } }`;
const LOCK = `mutation ($input: LockQuoteInput!) { lockQuote(input: $input) { quote { id total { minor } } errors { __typename code ... on QuoteOutdated { newQuoteId } } } }`;
const SET = `mutation ($input: SetPriceInput!) { setPrice(input: $input) { price { version amount { minor } } errors { __typename code ... on VersionConflict { expected actual } } } }`;

let carts = 0;
const quoteFor = async (lines: { sku: string; quantity: number }[], change: Record<string, unknown> = {}) =>
  (
    await component.run(
      CREATE,
      {
        input: {
          region: 'EU',
          subject: `crt_eu_${carts++}`,
          owner: owner.subject,
          version: 1,
          lines,
          ...change,
        },
      },
      cart,
    )
  ).data.createQuote;
const setPrice = async (change: Record<string, unknown>, caller = seller) =>
  component.run(
    SET,
    {
      input: {
        idempotencyKey: `key-${carts++}-xx`,
        sku: 'sku_pasta',
        region: 'EU',
        amount: { currency: 'EUR', minor: 199 },
        taxClass: 'REDUCED',
        ...change,
      },
    },
    caller,
  );
const versionOf = async () =>
  (
    await component.run(
      '{ _entities(representations: [{ __typename: "ProductVariant", sku: "sku_pasta" }]) { ... on ProductVariant { price(region: EU) { version } } } }',
    )
  ).data._entities[0].price.version;

describe('prices', () => {
  test('are given per region, with tax as the region has it; null where it is not sold', async () => {
    const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ProductVariant { sku eu: price(region: EU) { ...P } us: price { ...P } gb: price(region: GB) { ...P } } } }
      fragment P on Price { amount { currency minor } net { minor } tax { minor } taxRateBps taxIncluded }`;
    const { data, errors } = await component.run(
      query,
      { r: [{ __typename: 'ProductVariant', sku: 'sku_pasta' }] },
      anonymous('us'),
    );
    assert.equal(errors, undefined);
    assert.deepEqual(data._entities[0], {
      sku: 'sku_pasta',
      eu: {
        amount: { currency: 'EUR', minor: 199 },
        net: { minor: 186 },
        tax: { minor: 13 },
        taxRateBps: 700,
        taxIncluded: true,
      },
      us: {
        amount: { currency: 'USD', minor: 229 },
        net: { minor: 229 },
        tax: { minor: 19 },
        taxRateBps: 825,
        taxIncluded: false,
      },
      gb: null,
    });
  });

  test('a seller changes a price once per key, from the version they saw, and others hear of it', async () => {
    const version = await versionOf();
    const input = {
      idempotencyKey: 'change-once',
      amount: { currency: 'EUR', minor: 205 },
      expectedVersion: version,
    };
    const answers = await Promise.all([setPrice(input), setPrice(input), setPrice(input)]);
    for (const { data } of answers)
      assert.deepEqual(data.setPrice, {
        price: { version: version + 1, amount: { minor: 205 } },
        errors: [],
      });
    assert.equal(await versionOf(), version + 1);
    const event = await until(() => component.bus.published.find((e) => e.type === 'PriceChanged.v1'));
    assert.deepEqual(event.data, {
      sku: 'sku_pasta',
      region: 'eu',
      price: { currency: 'EUR', minor: 205 },
      taxClass: 'REDUCED',
      version: version + 1,
    });
    const other = await setPrice({ ...input, amount: { currency: 'EUR', minor: 1 } });
    assert.equal(other.data.setPrice.errors[0].code, 'IDEMPOTENCY_KEY_REUSED');
    const stale = await setPrice({ expectedVersion: version });
    assert.deepEqual(stale.data.setPrice.errors[0], {
      __typename: 'VersionConflict',
      code: 'VERSION_CONFLICT',
      expected: version,
      actual: version + 1,
    });
  });

  test('nonsense and strangers are refused and change nothing', async () => {
    const version = await versionOf();
    const cases: [Record<string, unknown>, string, Caller?][] = [
      [{ amount: { currency: 'EUR', minor: 0 } }, 'INVALID_INPUT'],
      [{ amount: { currency: 'EUR', minor: -5 } }, 'INVALID_INPUT'],
      [{ amount: { currency: 'USD', minor: 5 } }, 'INVALID_INPUT'],
      [{ idempotencyKey: 'short' }, 'INVALID_INPUT'],
      [{ sku: 'sku_unknown' }, 'NOT_FOUND'],
      [{ expectedVersion: version }, 'NOT_ALLOWED', { ...seller, sellerId: 'sel_b' }],
      [{ expectedVersion: version }, 'NOT_ALLOWED', owner],
    ];
    for (const [change, code, caller] of cases)
      assert.equal((await setPrice(change, caller)).data.setPrice.errors[0].code, code);
    assert.equal((await setPrice({}, anonymous())).errors?.[0].extensions.code, 'UNAUTHENTICATED');
    assert.equal(await versionOf(), version);
  });

  test('ProductChanged says whose goods a variant is; an older one changes nothing', async () => {
    const changed = (sellerId: string, version: number) =>
      createEvent(
        {
          producer: 'others',
          type: 'ProductChanged.v1',
          subject: 'prd_1',
          version,
          data: { productId: 'prd_1', sellerId, skus: ['sku_new'] },
        },
        0,
      );
    await component.bus.publish('others', [changed('sel_new', 2)]);
    await component.bus.idle();
    await component.bus.publish('others', [changed('sel_old', 1)]);
    await component.bus.idle();
    assert.equal(await component.ports.prices.sellerOf('sku_new'), 'sel_new');
  });
});

describe('quotes', () => {
  test('the same cart version at the same prices has one quote; a price change makes another', async () => {
    const lines = [
      { sku: 'sku_pasta', quantity: 2 },
      { sku: 'sku_sauce', quantity: 1 },
    ];
    const [one, two] = await Promise.all([
      quoteFor(lines, { subject: 'crt_eu_same' }),
      quoteFor(lines, { subject: 'crt_eu_same' }),
    ]);
    assert.equal(one.quote.id, two.quote.id);
    const { net, tax, delivery, total } = one.quote;
    assert.equal(net.minor + tax.minor + delivery.minor, total.minor);
    assert.ok(one.quote.current);
    await setPrice({ expectedVersion: await versionOf(), amount: { currency: 'EUR', minor: 211 } });
    const three = await quoteFor(lines, { subject: 'crt_eu_same' });
    assert.notEqual(three.quote.id, one.quote.id);
    const { data } = await component.run(
      'query ($id: ID!) { quoteSnapshot(id: $id) { current total { minor } } }',
      { id: one.quote.id },
      orders,
    );
    assert.deepEqual(data.quoteSnapshot, { current: false, total: { minor: total.minor } });
  });

  test('is locked for an order, again for the same one, and refused with a new quote after a price change', async () => {
    const { quote } = await quoteFor([{ sku: 'sku_pasta', quantity: 3 }]);
    const lock = async (orderId: string) =>
      (await component.run(LOCK, { input: { quoteId: quote.id, orderId } }, orders)).data.lockQuote;
    assert.deepEqual(await lock('ord_eu_1'), {
      quote: { id: quote.id, total: quote.total && { minor: quote.total.minor } },
      errors: [],
    });
    assert.deepEqual((await lock('ord_eu_1')).errors, []);
    await setPrice({ expectedVersion: await versionOf(), amount: { currency: 'EUR', minor: 299 } });
    const refused = await lock('ord_eu_2');
    assert.equal(refused.quote, null);
    assert.equal((await lock('ord_eu_1')).quote?.id, quote.id, 'the order that locked it keeps it');
    assert.equal(refused.errors[0].code, 'PRICE_CHANGED');
    const { data } = await component.run(
      'query ($id: ID!) { quoteSnapshot(id: $id) { current lines { unitPrice { minor } } } }',
      { id: refused.errors[0].newQuoteId },
      orders,
    );
    assert.deepEqual(data.quoteSnapshot, { current: true, lines: [{ unitPrice: { minor: 299 } }] });
  });

  test('expires', async () => {
    const { quote } = await quoteFor([{ sku: 'sku_sauce', quantity: 1 }]);
    component.clock.advance(31 * 60_000);
    const { data } = await component.run(LOCK, { input: { quoteId: quote.id, orderId: 'ord_eu_3' } }, orders);
    assert.equal(data.lockQuote.errors[0].code, 'PRICE_CHANGED');
  });

  test('expires for every other order, also when one was placed on it', async () => {
    const { quote } = await quoteFor([{ sku: 'sku_sauce', quantity: 2 }]);
    const lock = async (orderId: string) =>
      (await component.run(LOCK, { input: { quoteId: quote.id, orderId } }, orders)).data.lockQuote;
    const isCurrent = async () =>
      (
        await component.run(
          'query ($id: ID!) { quoteSnapshot(id: $id) { current } }',
          { id: quote.id },
          orders,
        )
      ).data.quoteSnapshot.current;
    assert.deepEqual((await lock('ord_eu_4')).errors, []);
    assert.equal(await isCurrent(), true);
    component.clock.advance(31 * 60_000);
    assert.equal(await isCurrent(), false, 'a checkout on it is refused before anything is stored');
    assert.equal((await lock('ord_eu_5')).errors[0].code, 'PRICE_CHANGED');
    assert.deepEqual((await lock('ord_eu_4')).errors, [], 'the order that has it keeps it');
  });

  test('one that the database lost is made anew, and not given out for ever', async () => {
    const lines = [{ sku: 'sku_sauce', quantity: 3 }];
    const { quote } = await quoteFor(lines, { subject: 'crt_eu_lost' });
    // Quotes do not wait for the disk: a crash of the server takes the newest with it.
    await component.subgraph.platform
      .databases()
      .of('eu')
      .query('DELETE FROM quotes WHERE id = $1', [quote.id]);
    const lock = async (quoteId: string) =>
      (await component.run(LOCK, { input: { quoteId, orderId: 'ord_eu_6' } }, orders)).data.lockQuote;
    assert.equal((await lock(quote.id)).errors[0].code, 'NOT_FOUND');
    const again = await quoteFor(lines, { subject: 'crt_eu_lost' });
    assert.notEqual(again.quote.id, quote.id);
    assert.deepEqual((await lock(again.quote.id)).errors, []);
  });

  test('is seen by its owner only, by id and by reference', async () => {
    const { quote } = await quoteFor([{ sku: 'sku_sauce', quantity: 1 }]);
    const look = async (caller: Caller) => {
      const { data } = await component.run(
        'query ($id: ID!, $r: [_Any!]!) { quote(id: $id) { id } _entities(representations: $r) { ... on Quote { total { minor } } } }',
        { id: quote.id, r: [{ __typename: 'Quote', id: quote.id }] },
        caller,
      );
      return [data.quote !== null, data._entities[0] !== null];
    };
    assert.deepEqual(await look(owner), [true, true]);
    assert.deepEqual(await look({ ...owner, subject: 'usr_eu_x' }), [false, false]);
    assert.deepEqual(await look(anonymous('eu')), [false, false]);
  });

  test('nonsense is refused, and commands are for services only', async () => {
    assert.equal((await quoteFor([])).errors[0].code, 'INVALID_INPUT');
    assert.equal((await quoteFor([{ sku: 'sku_pasta', quantity: 0 }])).errors[0].code, 'INVALID_INPUT');
    assert.equal((await quoteFor([{ sku: 'sku_nope', quantity: 1 }])).errors[0].code, 'MISSING_PRICE');
    assert.equal(
      (await component.run(LOCK, { input: { quoteId: 'quo_xx_1', orderId: 'o' } }, orders)).data.lockQuote
        .errors[0].code,
      'NOT_FOUND',
    );
    assert.equal(
      (await component.run(LOCK, { input: { quoteId: 'q', orderId: 'o' } }, owner)).errors?.[0].extensions
        .code,
      'FORBIDDEN',
    );
  });
});
