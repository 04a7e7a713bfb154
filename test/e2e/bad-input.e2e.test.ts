import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { document } from '../../clients/shop/api.ts';
import { type Buyer, fillCart, type Marketplace, newBuyer, startMarketplace } from './marketplace.ts';

for (const mode of ['single', 'distributed'] as const)
  describe(`bad input, ${mode}`, () => {
    let market: Marketplace;
    let buyer: Buyer;
    let sku: string;
    before(async () => {
      market = await startMarketplace({ AISLE_MODE: mode });
      buyer = await newBuyer(market);
      ({ sku } = await market.shelf(1_000));
    });
    after(() => market?.stop());

    const PLACE = document('place-order');
    const ADD = document('add-to-cart');
    const place = async (input: Record<string, unknown>, token = buyer.token) =>
      market.ask(PLACE, { input }, token);
    const refusal = async (input: Record<string, unknown>, token?: string): Promise<string> => {
      const { data } = await place(input, token);
      assert.equal(data.placeOrder.order, null, 'nothing was placed');
      return data.placeOrder.errors[0].code;
    };
    const orders = async () =>
      (await market.ask('{ orders(first: 100) { edges { node { id } } } }', {}, buyer.token)).data.orders
        .edges.length;
    const available = async () =>
      (
        await market.ask(
          'query ($sku: ID!) { variant(sku: $sku) { stock(region: EU) { available held } } }',
          {
            sku,
          },
        )
      ).data.variant.stock;

    describe('requests that are not GraphQL', () => {
      test('each is answered 4xx with a typed error', async () => {
        const cases: [string, RequestInit, number][] = [
          ['not JSON', { body: '{' }, 400],
          ['no query', { body: '{}' }, 400],
          ['an array', { body: '[{"query":"{ __typename }"}]' }, 400],
          [
            'a form',
            { body: 'query={__typename}', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
            415,
          ],
          ['malformed', { body: JSON.stringify({ query: '{ orders(' }) }, 400],
          ['an unknown field', { body: JSON.stringify({ query: '{ nope }' }) }, 400],
          ['too large', { body: JSON.stringify({ query: `# ${'x'.repeat(300_000)}\n{ __typename }` }) }, 413],
        ];
        for (const [what, init, status] of cases) {
          const response = await fetch(market.url, {
            method: 'POST',
            headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
            ...init,
          });
          assert.equal(response.status, status, what);
          const { errors } = (await response.json()) as { errors: { extensions?: { code?: string } }[] };
          assert.ok(errors[0]?.extensions?.code, `${what} has a code`);
        }
      });

      test('wrong types and huge numbers never reach a subgraph', async () => {
        for (const quantity of ['"2"', '1.5', '99999999999', 'null']) {
          const { errors } = await market.ask(
            `mutation { addToCart(input: { sku: "${sku}", quantity: ${quantity} }) { errors { code } } }`,
            {},
            buyer.token,
          );
          assert.ok(errors?.length, quantity);
        }
      });
    });

    describe('tokens', () => {
      test('forged, expired and meaningless ones are refused, never treated as a visitor', async () => {
        const [header, payload, signature] = buyer.token.split('.') as [string, string, string];
        const admin = Buffer.from(
          JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url').toString()), roles: ['admin'] }),
        ).toString('base64url');
        const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'at+jwt' })).toString('base64url');
        for (const token of [
          'nonsense',
          `${header}.${admin}.${signature}`,
          `${none}.${payload}.`,
          `${header}.${payload}.${signature.slice(2)}aa`,
        ]) {
          const { status, errors } = await market.ask('{ me { id } }', {}, token);
          assert.equal(errors?.[0]?.extensions?.code, 'UNAUTHENTICATED', token.slice(0, 20));
          assert.equal(status, 401);
        }
      });
    });

    describe('carts', () => {
      test('quantities that cannot be are refused and change nothing', async () => {
        const before = (await market.ask('{ cart { version } }', {}, buyer.token)).data.cart.version;
        for (const quantity of [0, -1, 100, 2_000_000_000]) {
          const { data } = await market.ask(ADD, { input: { sku, quantity } }, buyer.token);
          assert.equal(data.addToCart.cart, null);
          assert.match(data.addToCart.errors[0].code, /INVALID_INPUT|CART_FULL/);
        }
        const unknown = await market.ask(ADD, { input: { sku: 'sku_unknown', quantity: 1 } }, buyer.token);
        assert.equal(unknown.data.addToCart.errors[0].code, 'NOT_FOUND');
        assert.equal((await market.ask('{ cart { version } }', {}, buyer.token)).data.cart.version, before);
      });

      test('more than there is, and a product that was withdrawn', async () => {
        const few = await market.shelf(3);
        const { data } = await market.ask(
          ADD.replace('message', 'message ... on InsufficientStock { sku available }'),
          { input: { sku: few.sku, quantity: 4 } },
          buyer.token,
        );
        assert.deepEqual(
          [data.addToCart.errors[0].code, data.addToCart.errors[0].available],
          ['INSUFFICIENT_STOCK', 3],
        );
      });
    });

    describe('orders', () => {
      test('an empty cart, foreign and nonsensical ids: typed errors, nothing placed', async () => {
        const good = await fillCart(market, buyer, sku);
        const stranger = await newBuyer(market, 'Stranger');
        const count = await orders();
        const stock = await available();
        assert.equal(
          await refusal({ ...good, idempotencyKey: randomUUID(), cartId: good.cartId }, stranger.token),
          'NOT_FOUND',
        );
        assert.equal(
          await refusal({ ...good, idempotencyKey: randomUUID(), addressId: stranger.addressId }),
          'NOT_FOUND',
        );
        assert.equal(
          await refusal({ ...good, idempotencyKey: randomUUID(), quoteId: 'quo_eu_0000000000' }),
          'NOT_FOUND',
        );
        assert.equal(
          await refusal({
            ...good,
            idempotencyKey: randomUUID(),
            cartId: good.cartId.replace('_eu_', '_us_'),
          }),
          'NOT_FOUND',
        );
        assert.equal(await refusal({ ...good, idempotencyKey: 'short' }), 'INVALID_INPUT');
        assert.equal(
          await refusal({ ...good, idempotencyKey: randomUUID(), paymentMethod: '4242424242424242' }),
          'INVALID_INPUT',
        );
        const empty = await newBuyer(market, 'Empty');
        const cart = (await market.ask('{ cart { id } }', {}, empty.token)).data.cart.id;
        assert.match(
          await refusal(
            { ...good, idempotencyKey: randomUUID(), cartId: cart, addressId: empty.addressId },
            empty.token,
          ),
          /EMPTY_CART|NOT_FOUND/,
        );
        const visitor = await market.ask(PLACE, { input: good });
        assert.equal(visitor.errors?.[0]?.extensions?.code, 'UNAUTHENTICATED');
        assert.equal(await orders(), count);
        assert.deepEqual(await available(), stock);
      });

      test('a price that changed since it was shown is refused with the new quote, which can be ordered', async () => {
        const { sku: pricey } = await market.shelf(10);
        const shopper = await newBuyer(market, 'Price watcher');
        const purchase = await fillCart(market, shopper, pricey);
        const login = await market.ask(
          'mutation ($input: LoginInput!) { login(input: $input) { tokens { accessToken } } }',
          { input: { email: 'seller@aisle.example', password: 'aisle-demo' } },
        );
        const seller = login.data?.login?.tokens?.accessToken;
        const changed = await market.ask(
          'mutation ($input: SetPriceInput!) { setPrice(input: $input) { price { version } errors { code message } } }',
          {
            input: {
              idempotencyKey: randomUUID(),
              sku: pricey,
              region: 'EU',
              amount: { currency: 'EUR', minor: 999 },
              taxClass: 'REDUCED',
              expectedVersion: 1,
            },
          },
          seller,
        );
        assert.deepEqual(changed.data.setPrice.errors, []);
        const query = PLACE.replace(
          '... on PaymentDeclined',
          '... on PriceChanged { quote { id current total { minor } } } ... on PaymentDeclined',
        );
        const { data } = await market.ask(query, { input: purchase }, shopper.token);
        const [error] = data.placeOrder.errors;
        assert.equal(error.code, 'PRICE_CHANGED');
        assert.equal(error.quote.current, true);
        const again = await market.ask(
          PLACE,
          { input: { ...purchase, idempotencyKey: randomUUID(), quoteId: error.quote.id } },
          shopper.token,
        );
        assert.deepEqual(
          [again.data.placeOrder.order.status, again.data.placeOrder.order.total.minor],
          ['CONFIRMED', error.quote.total.minor],
        );
      });

      test('one key: the same order again, another input refused, twenty at once one order', async () => {
        const shopper = await newBuyer(market, 'Twenty');
        const purchase = await fillCart(market, shopper, sku);
        const answers = await Promise.all(
          Array.from({ length: 20 }, () => place({ ...purchase }, shopper.token)),
        );
        const [first] = answers;
        assert.equal(first!.data.placeOrder.order.status, 'CONFIRMED');
        for (const { data } of answers) assert.deepEqual(data, first!.data);
        const { data: other } = await place(
          { ...purchase, paymentMethod: 'pm_card_mastercard' },
          shopper.token,
        );
        assert.equal(other.placeOrder.errors[0].code, 'IDEMPOTENCY_KEY_REUSED');
        const { data } = await market.ask(
          '{ orders(first: 10) { edges { node { id payment { captured { minor } } } } } }',
          {},
          shopper.token,
        );
        assert.equal(data.orders.edges.length, 1);
        assert.equal(
          data.orders.edges[0].node.payment.captured.minor,
          first!.data.placeOrder.order.total.minor,
        );
      });

      test('a stranger sees neither the order nor its payment', async () => {
        const shopper = await newBuyer(market, 'Private');
        const { data } = await place({ ...(await fillCart(market, shopper, sku)) }, shopper.token);
        const { id } = data.placeOrder.order;
        const look = async (token?: string) =>
          (await market.ask('query ($id: ID!) { order(id: $id) { id payment { status } } }', { id }, token))
            .data?.order ?? null;
        assert.equal((await look(shopper.token)).payment.status, 'CAPTURED');
        assert.equal(await look((await newBuyer(market, 'Curious')).token), null);
        assert.equal(await look(), null);
      });
    });

    describe('accounts', () => {
      test('a duplicate e-mail, a wrong password, a weak one', async () => {
        const input = {
          email: buyer.email.toUpperCase(),
          password: randomUUID(),
          name: 'Twin',
          region: 'GB',
        };
        const REGISTER =
          'mutation ($input: RegisterInput!) { register(input: $input) { user { id } errors { code } } }';
        assert.equal((await market.ask(REGISTER, { input })).data.register.errors[0].code, 'EMAIL_TAKEN');
        assert.equal(
          (await market.ask(REGISTER, { input: { ...input, email: 'x@example.com', password: '123' } })).data
            .register.errors[0].code,
          'INVALID_INPUT',
        );
        const { data } = await market.ask(
          'mutation ($input: LoginInput!) { login(input: $input) { errors { code } } }',
          { input: { email: buyer.email, password: 'wrong-password' } },
        );
        assert.equal(data.login.errors[0].code, 'INVALID_CREDENTIALS');
      });
    });

    describe('subscriptions', () => {
      /** The code with which a subscription over an event stream begins; undefined when it lives. */
      const begins = async (
        query: string,
        variables: object,
        token?: string,
      ): Promise<string | undefined> => {
        const gone = new AbortController();
        const response = await fetch(market.url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            accept: 'text/event-stream',
            ...(token && { authorization: `Bearer ${token}` }),
          },
          body: JSON.stringify({ query, variables }),
          signal: AbortSignal.any([gone.signal, AbortSignal.timeout(10_000)]),
        });
        let text = '';
        for await (const chunk of response.body!.pipeThrough(new TextDecoderStream())) {
          text += chunk;
          if (text.includes('data: {')) break;
        }
        gone.abort();
        return JSON.parse(/data: (.*)/.exec(text)?.[1] ?? '{}').errors?.[0]?.extensions?.code;
      };

      test('somebody else’s order, a forged cursor, no SKUs: each begins with its typed error', async () => {
        const shopper = await newBuyer(market, 'Follower');
        const { data } = await place({ ...(await fillCart(market, shopper, sku)) }, shopper.token);
        const { id } = data.placeOrder.order;
        const ORDER =
          'subscription ($id: ID, $after: String) { orderProgress(orderId: $id, after: $after) { step } }';
        const STOCK =
          'subscription ($skus: [ID!]!, $after: String) { stockChanged(skus: $skus, after: $after, region: EU) { sku } }';
        assert.equal(await begins(ORDER, { id }, shopper.token), undefined);
        for (const [query, variables, token, code] of [
          [ORDER, { id }, buyer.token, 'NOT_FOUND'],
          [ORDER, { id: 'nonsense' }, shopper.token, 'NOT_FOUND'],
          [ORDER, { id }, undefined, 'UNAUTHENTICATED'],
          [ORDER, { id, after: 'forged' }, shopper.token, 'BAD_USER_INPUT'],
          [STOCK, { skus: [] }, undefined, 'BAD_USER_INPUT'],
          [STOCK, { skus: ['nonsense'] }, undefined, 'BAD_USER_INPUT'],
          [STOCK, { skus: [sku], after: 'forged' }, undefined, 'BAD_USER_INPUT'],
        ] as const)
          assert.equal(await begins(query, variables, token), code, JSON.stringify(variables));
      });
    });

    test('after all that the audit is clean', async () => {
      const { code, output } = await market.run('audit');
      assert.equal(code, 0, output);
    });
  });
