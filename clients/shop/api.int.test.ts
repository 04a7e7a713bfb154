import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, it } from 'node:test';
import { openApi } from './api.ts';
import { ShopError } from './shop-error.ts';

let answer: { status: number; body: string } = { status: 200, body: '{"data":{}}' };
let turnedAway = 0;
let seen: { authorization?: string | undefined; body: string } | undefined;
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  seen = { authorization: request.headers.authorization, body };
  if (turnedAway > 0) {
    turnedAway--;
    return void response.writeHead(429, { 'retry-after': '0.1' }).end('{"errors":[{"message":"Later."}]}');
  }
  response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
});
let url: string;
before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql`;
});
after(() => new Promise((resolve) => server.close(resolve)));

it('sends the registered operation with the token', async () => {
  answer = { status: 200, body: '{"data":{"cart":null}}' };
  const api = openApi({ url });
  assert.deepEqual(await api.send('cart', {}, 'secret'), { cart: null });
  assert.equal(seen?.authorization, 'Bearer secret');
  assert.match(JSON.parse(seen.body).query, /^query Cart/);
  await api.close();
});

it('turns errors, nonsense and silence into one sentence', async () => {
  const api = openApi({ url });
  const cases: [number, string, RegExp][] = [
    [200, '{"errors":[{"message":"You may not do this.","path":["cart"]}]}', /cart: You may not do this/],
    [502, '<html>', /status 502/],
    [200, '', /no GraphQL answer/],
  ];
  for (const [status, body, expected] of cases) {
    answer = { status, body };
    await assert.rejects(
      api.send('cart'),
      (error) => error instanceof ShopError && expected.test(error.message),
    );
  }
  await api.close();
  const nobody = openApi({ url: 'http://127.0.0.1:9/graphql' });
  await assert.rejects(nobody.send('cart'), /cannot be reached.*npm start/);
  await nobody.close();
  assert.throws(() => openApi({ url: 'nonsense' }), ShopError);
});

it('comes back when it is told to come back later, and gives up in the end', async () => {
  answer = { status: 200, body: '{"data":{"cart":null}}' };
  const api = openApi({ url, timeoutMs: 1_000 });
  turnedAway = 2;
  assert.deepEqual(await api.send('cart'), { cart: null });
  turnedAway = 1_000;
  await assert.rejects(api.send('cart'), /Later/);
  turnedAway = 0;
  await api.close();
});
