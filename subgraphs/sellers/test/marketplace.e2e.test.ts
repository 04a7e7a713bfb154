import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { fillCart, type Marketplace, newBuyer, startMarketplace } from '../../../test/e2e/marketplace.ts';
import { until } from '../../../test/testkit/index.ts';

let market: Marketplace;
let sku: string;
before(async () => {
  market = await startMarketplace();
  ({ sku } = await market.shelf(100));
});
after(() => market?.stop());

const LOGIN = `mutation ($email: String!, $password: String!) { login(input: { email: $email, password: $password }) {
  user { id roles sellerId } tokens { accessToken refreshToken } errors { code } } }`;
const PASSWORD = 'correct horse battery';

async function signIn(email: string, password: string): Promise<string> {
  const { data } = await market.ask(LOGIN, { email, password });
  assert.deepEqual(data.login.errors, []);
  return data.login.tokens.accessToken;
}

async function signUp(): Promise<{ email: string; token: string }> {
  const email = `${randomUUID()}@example.com`;
  const input = { email, password: PASSWORD, name: 'Test Person', region: 'EU' };
  const { data } = await market.ask(
    'mutation ($input: RegisterInput!) { register(input: $input) { tokens { accessToken } errors { code } } }',
    { input },
  );
  return { email, token: data.register.tokens.accessToken };
}

/** Sends an operation with an API key instead of a token. */
async function withKey(key: string, query: string, variables: Record<string, unknown> = {}) {
  const response = await fetch(market.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': key },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(30_000),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
  return { status: response.status, ...((await response.json()) as { data?: any; errors?: any[] }) };
}

describe('becoming a seller, through the router', () => {
  let secret: string;
  let keyId: string;
  let sellerToken: string;

  it('apply, be approved, get the role by event, make a key', async () => {
    const person = await signUp();
    const applied = await market.ask(
      'mutation ($input: ApplySellerInput!) { applySeller(input: $input) { seller { id version } errors { code } } }',
      { input: { name: `Shop ${randomUUID()}`, contactEmail: person.email } },
      person.token,
    );
    const { id: sellerId, version: expectedVersion } = applied.data.applySeller.seller;
    const APPROVE =
      'mutation ($input: ApproveSellerInput!) { approveSeller(input: $input) { seller { status } errors { code } } }';
    const input = { sellerId, expectedVersion };
    const own = await market.ask(APPROVE, { input }, person.token);
    assert.equal(own.errors?.[0]?.extensions?.code, 'FORBIDDEN', 'nobody approves themself');
    const staff = await signIn('staff@aisle.example', 'aisle-demo');
    const approved = await market.ask(APPROVE, { input }, staff);
    assert.equal(approved.data.approveSeller.seller.status, 'APPROVED');
    const roles = async () => (await market.ask('{ me { roles sellerId } }', {}, person.token)).data.me;
    await until(async () => (await roles()).sellerId === sellerId, { what: 'the role SELLER', ms: 15_000 });

    sellerToken = await signIn(person.email, PASSWORD);
    const made = await market.ask(
      `mutation ($input: CreateApiKeyInput!) { createApiKey(input: $input) { apiKey { id } secret errors { code } } }`,
      { input: { sellerId, name: 'Shelf robot', scopes: ['CATALOGUE_WRITE'] } },
      sellerToken,
    );
    ({
      secret,
      apiKey: { id: keyId },
    } = made.data.createApiKey);
  });

  it('a key does what its scopes say, for its seller, and nothing a person does', async () => {
    const leaf = await market.ask('{ categories { children { children { id } } } }');
    const category = leaf.data.categories[0].children[0].children[0].id;
    const variants = [{ size: { amount: 1, unit: 'KILOGRAM' } }];
    const input = {
      title: `Robot Pears ${randomUUID().slice(0, 8)}`,
      description: 'Pears that a robot put on the shelf, ripe and sweet.',
      category,
      variants,
      attributes: {},
    };
    const upsert = `mutation ($input: UpsertProductInput!) { upsertProduct(input: $input) {
      product { variants { sku } } errors { code message path } } }`;
    const made = await withKey(secret, upsert, { input });
    assert.deepEqual(made.data.upsertProduct.errors, []);
    const price = {
      idempotencyKey: randomUUID(),
      sku: made.data.upsertProduct.product.variants[0].sku,
      region: 'EU',
      amount: { currency: 'EUR', minor: 199 },
      taxClass: 'REDUCED',
    };
    const setPrice = 'mutation ($input: SetPriceInput!) { setPrice(input: $input) { errors { code } } }';
    const own = await until(async () => {
      const { data } = await market.ask(setPrice, { input: price }, sellerToken);
      return data.setPrice.errors.length === 0;
    });
    assert.ok(own, 'its person may');
    const other = { ...price, idempotencyKey: randomUUID(), amount: { currency: 'EUR', minor: 1 } };
    const refused = await withKey(secret, setPrice, { input: other });
    assert.equal(refused.data.setPrice.errors[0].code, 'NOT_ALLOWED', 'its key has no scope for prices');
    assert.equal((await withKey(secret, '{ me { id email } }')).data.me, null);
    const orders = await withKey(secret, '{ sellerOrders { edges { node { id } } } }');
    assert.equal(orders.errors?.[0].extensions.code, 'FORBIDDEN');
    const more = await withKey(secret, 'mutation { revokeApiKey(id: "key_x") { errors { code } } }');
    assert.equal(more.errors?.[0].extensions.code, 'UNAUTHENTICATED');
  });

  it('a revoked key is refused within the time the router remembers keys', async () => {
    const revoke = 'mutation ($id: ID!) { revokeApiKey(id: $id) { apiKey { revokedAt } errors { code } } }';
    const { data } = await market.ask(revoke, { id: keyId }, sellerToken);
    assert.ok(data.revokeApiKey.apiKey.revokedAt);
    const look = () => withKey(secret, '{ mySeller { id } }');
    await until(async () => (await look()).status === 401, { ms: 25_000, every: 500, what: 'the refusal' });
    assert.equal((await withKey('aik_unknown_key', '{ me { id } }')).status, 401);
  });
});

describe('people, through the router', () => {
  it('a guest’s cart comes along when they sign in', async () => {
    const guest = await market.ask(
      'mutation { startGuestSession(region: EU) { guestId tokens { accessToken } errors { code } } }',
    );
    const guestToken = guest.data.startGuestSession.tokens.accessToken;
    const add = `mutation ($sku: ID!) { addToCart(input: { sku: $sku, quantity: 2 }) { cart { id mergeKey itemCount } errors { code } } }`;
    const { cart } = (await market.ask(add, { sku }, guestToken)).data.addToCart;
    assert.equal(cart.itemCount, 2);
    const person = await signUp();
    const merge = `mutation ($input: MergeCartInput!) { mergeCart(input: $input) { cart { itemCount } errors { code } } }`;
    const input = { guestCartId: cart.id, mergeKey: cart.mergeKey };
    const merged = await market.ask(merge, { input }, person.token);
    assert.equal(merged.data.mergeCart.cart.itemCount, 2);
    const placing = await market.ask(
      'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } errors { code } } }',
      {
        input: {
          idempotencyKey: randomUUID(),
          cartId: cart.id,
          quoteId: 'quo_eu_0000000000',
          paymentMethod: 'pm_card_visa',
          addressId: 'adr_eu_0000000000',
        },
      },
      guestToken,
    );
    assert.equal(placing.errors?.[0]?.extensions?.code, 'UNAUTHENTICATED', 'guests do not order');
  });

  it('an access token dies with its session, for every context', async () => {
    const person = await signUp();
    const ask = () => market.ask('{ cart { id } }', {}, person.token);
    assert.ok((await ask()).data.cart.id);
    await market.ask('mutation { logout { ended } }', {}, person.token);
    await until(async () => (await ask()).status === 401, { what: 'the end of the access token' });
  });

  it('another person’s account, addresses and orders stay theirs', async () => {
    const owner = await newBuyer(market, 'Owner');
    const purchase = await fillCart(market, owner, sku);
    const place = `mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id buyer { id email } } errors { code } } }`;
    const placed = await market.ask(place, { input: purchase }, owner.token);
    assert.equal(placed.data.placeOrder.order.buyer.email, owner.email);
    const stranger = await signUp();
    const look = 'query ($id: ID!) { user(id: $id) { id email addresses { line1 } } }';
    const seen = await market.ask(look, { id: owner.id }, stranger.token);
    assert.equal(seen.errors?.[0]?.extensions?.code, 'FORBIDDEN');
    assert.ok(!JSON.stringify(seen).includes(owner.email));
  });
});
