import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { RunningRouter } from '../index.ts';
import { testRouter } from '../test/test-router.ts';

const QUERY = 'subscription { ticks(to: 100000, everyMs: 20) { n } }';

/** WebSockets close with 4403, see `web-sockets.unit.test.ts`; what ends a stream over HTTP is told on it. */
describe('a subscription over HTTP whose token expires', () => {
  let router: RunningRouter;
  let sign: (secondsLeft: number) => Promise<string>;
  before(async () => {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1' };
    sign = async (secondsLeft) => {
      const iat = Math.floor(Date.now() / 1000);
      const claims = {
        kind: 'user',
        roles: ['customer'],
        region: 'eu',
        sub: 'usr_eu_1',
        iss: 'aisle',
        aud: 'aisle',
      };
      return new SignJWT({ ...claims, iat, exp: iat + secondsLeft })
        .setProtectedHeader({ alg: 'EdDSA', kid: 'k1', typ: 'at+jwt' })
        .sign(privateKey);
    };
    router = await testRouter({ jwks: { keys: async () => ({ keys: [jwk] }) } });
  });
  after(() => router.stop());

  const follow = async (headers: Record<string, string>, extensions?: object) =>
    fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await sign(2)}`, ...headers },
      body: JSON.stringify({ query: QUERY, extensions }),
      signal: AbortSignal.timeout(8_000),
    });
  const EXPIRED = /The access token has expired.*UNAUTHENTICATED/;

  it('ends an event stream with its error', async () => {
    const text = await (await follow({ accept: 'text/event-stream' })).text();
    assert.match(text, /"n":1/);
    assert.match(text, EXPIRED);
    assert.match(text, /event: complete\ndata:\n\n$/);
  });

  it('ends a multipart answer with its error beside the payload', async () => {
    const text = await (await follow({ accept: 'multipart/mixed;subscriptionSpec=1.0' })).text();
    assert.match(text, /"n":1/);
    assert.match(text, /\{"payload":null,"errors":\[\{"message":"The access token has expired/);
    assert.ok(text.endsWith('--graphql--\r\n'));
  });

  it('ends the operation on a stream of many, and not the stream', async () => {
    const authorization = `Bearer ${await sign(2)}`;
    const token = await (await fetch(router.url, { method: 'PUT', headers: { authorization } })).text();
    const stream = await fetch(`${router.url}?token=${token}`, { headers: { accept: 'text/event-stream' } });
    const started = await follow(
      { 'x-graphql-event-stream-token': token, accept: 'application/json' },
      { operationId: 'a' },
    );
    assert.equal(started.status, 202);
    let text = '';
    for await (const chunk of stream.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.includes('event: complete')) break;
    }
    assert.match(text, EXPIRED);
    assert.match(text, /event: complete\ndata: \{"id":"a"\}/);
  });
});
