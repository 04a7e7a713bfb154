import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { buildSchema } from 'graphql';
import { atOnce } from '../../clients/shop/at-once.ts';
import { attempts } from './hostile-values.ts';
import { fillCart, type Marketplace, newBuyer, startMarketplace } from './marketplace.ts';

let market: Marketplace;
before(async () => {
  market = await startMarketplace();
});
after(() => market?.stop());

const schema = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'));
/** These end sessions or count tries; what they make of such values is tested beside them. */
const SKIP = ['login', 'register', 'logout', 'refresh', 'startGuestSession'];

const login = async (email: string): Promise<string> =>
  (
    await market.ask('mutation ($input: LoginInput!) { login(input: $input) { tokens { accessToken } } }', {
      input: { email, password: 'aisle-demo' },
    })
  ).data.login.tokens.accessToken;

test('no value in any argument of the API is a fault of ours, whoever sends it', {
  timeout: 200_000,
}, async () => {
  const buyer = await newBuyer(market, 'Hostile');
  const { sku } = await market.shelf(1_000);
  const cart = await fillCart(market, buyer, sku);
  const right = {
    ...cart,
    sku,
    skus: sku,
    idempotencyKey: () => randomUUID(),
    token: 'pm_card_visa',
    country: 'FR',
    postcode: '69001',
    title: 'A title of it',
    description: 'A description that is long enough',
    reason: 'because',
  };
  const callers = [buyer.token, await login('seller@aisle.example'), await login('staff@aisle.example')];
  const all = [...attempts(schema, right, SKIP)].flatMap((attempt) =>
    callers.map((token) => ({ ...attempt, token })),
  );
  assert.ok(all.length > 2_000);
  const faults = new Set<string>();
  await atOnce(all, 16, async ({ field, what, query, variables, token }) => {
    const { data, errors = [] } = await market.ask(query, variables, token);
    const codes = [
      ...errors.map(({ extensions }) => extensions?.code),
      ...(data?.[field]?.errors ?? []).map(({ code }: { code: string }) => code),
    ];
    if (codes.some((code) => code === undefined || code === 'INTERNAL' || code === 'UNAVAILABLE'))
      faults.add(`${field}: ${what} → ${codes.join()}`);
  });
  assert.deepEqual([...faults], []);
});

test('after all that the audit is clean', async () => {
  const { code, output } = await market.run('audit');
  assert.equal(code, 0, output);
});
