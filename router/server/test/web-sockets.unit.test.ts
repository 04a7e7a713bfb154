import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { WebSocket } from 'ws';
import type { RouterOptions, RunningRouter } from '../index.ts';
import { testRouter } from './test-router.ts';

const PROTOCOL = 'graphql-transport-ws';

interface Message {
  readonly type: string;
  readonly id?: string;
  // biome-ignore lint/suspicious/noExplicitAny: payloads are looked into field by field
  readonly payload?: any;
}

/** A client that speaks raw messages, so that it can also speak wrong ones. */
class Client {
  readonly socket: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #messages: Message[] = [];
  #wake: (() => void) | undefined;

  constructor(
    router: RunningRouter,
    protocol = 'graphql-transport-ws',
    headers: Record<string, string> = {},
  ) {
    this.socket = new WebSocket(router.url.replace('http', 'ws'), protocol === '' ? [] : protocol, {
      headers,
    });
    this.closed = once(this.socket, 'close').then(([code, reason]) => ({ code, reason: String(reason) }));
    this.socket.on('message', (data) => {
      this.#messages.push(JSON.parse(String(data)));
      this.#wake?.();
    });
    this.socket.on('error', () => undefined);
  }

  async send(message: object | string): Promise<this> {
    if (this.socket.readyState === WebSocket.CONNECTING) await once(this.socket, 'open');
    this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    return this;
  }

  async init(payload?: object): Promise<this> {
    await this.send({ type: 'connection_init', ...(payload && { payload }) });
    assert.equal((await this.next()).type, 'connection_ack');
    return this;
  }

  subscribe(id: string, query: string): Promise<this> {
    return this.send({ type: 'subscribe', id, payload: { query } });
  }

  async next(): Promise<Message> {
    const end = Date.now() + 5000;
    for (;;) {
      const message = this.#messages.shift();
      if (message) return message;
      if (Date.now() > end) throw new Error('No message came.');
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, 100).unref();
      });
    }
  }
}

async function withRouter(
  options: Partial<RouterOptions>,
  run: (router: RunningRouter) => Promise<void>,
): Promise<void> {
  const router = await testRouter(options);
  try {
    await run(router);
  } finally {
    await router.stop();
  }
}

describe('graphql-ws', () => {
  it('streams a subscription whose events are joined with another subgraph', () =>
    withRouter({}, async (router) => {
      const client = await new Client(router).init();
      await client.subscribe('1', 'subscription { ticks(to: 2) { n product { title stock } } }');
      const product = { title: 'Oat milk', stock: 10 };
      assert.deepEqual(await client.next(), {
        id: '1',
        type: 'next',
        payload: { data: { ticks: { n: 1, product } } },
      });
      assert.deepEqual(await client.next(), {
        id: '1',
        type: 'next',
        payload: { data: { ticks: { n: 2, product } } },
      });
      assert.deepEqual(await client.next(), { id: '1', type: 'complete' });
      client.socket.close();
    }));

  it('runs queries and mutations, and tells of errors with their codes', () =>
    withRouter({}, async (router) => {
      const client = await new Client(router).init();
      await client.subscribe('q', '{ product(id: "2") { title } forbidden }');
      const { payload } = await client.next();
      assert.deepEqual(payload.data, { product: { title: 'Rye bread' }, forbidden: null });
      assert.equal(payload.errors[0].extensions.code, 'FORBIDDEN');
      assert.equal((await client.next()).type, 'complete');
      await client.subscribe('v', '{ nothing }');
      const invalid = await client.next();
      assert.equal(invalid.type, 'error');
      assert.equal(invalid.payload[0].extensions.code, 'GRAPHQL_VALIDATION_FAILED');
      await client.subscribe('d', `${'{ node '.repeat(11)}${'}'.repeat(11)}`);
      assert.equal((await client.next()).payload[0].extensions.code, 'LIMIT_DEPTH');
      client.socket.close();
    }));

  it('masks what fails in the source', () =>
    withRouter({}, async (router) => {
      const client = await new Client(router).init();
      await client.subscribe('1', 'subscription { failing { n } }');
      const message = await client.next();
      assert.doesNotMatch(JSON.stringify(message), /secret/);
      client.socket.close();
    }));

  it('stops upstream when the client completes', () =>
    withRouter({}, async (router) => {
      const client = await new Client(router).init();
      await client.subscribe('1', 'subscription { ticks(to: 100000) { n } }');
      await client.next();
      await client.send({ type: 'complete', id: '1' });
      await settled(router);
      client.socket.close();
    }));

  it('stops upstream when the client is gone', () =>
    withRouter({}, async (router) => {
      const client = await new Client(router).init();
      await client.subscribe('1', 'subscription { ticks(to: 100000) { n } }');
      await client.next();
      client.socket.terminate();
      await settled(router);
    }));

  it('answers a ping', () =>
    withRouter({}, async (router) => {
      const client = await new Client(router).init();
      await client.send({ type: 'ping', payload: { a: 1 } });
      assert.deepEqual(await client.next(), { type: 'pong', payload: { a: 1 } });
      client.socket.close();
    }));
});

describe('close codes of graphql-ws', () => {
  const closes = async (
    code: number,
    options: Partial<RouterOptions>,
    act: (client: Client) => Promise<unknown>,
    protocol?: string,
  ) =>
    withRouter(options, async (router) => {
      const client = new Client(router, protocol);
      await act(client);
      assert.equal((await client.closed).code, code);
    });
  const tick = 'subscription { ticks(to: 1000, everyMs: 10) { n } }';

  it('4400 for what is no message', () => closes(4400, {}, (client) => client.send('nonsense')));
  it('4400 for a message of no known type', () =>
    closes(4400, {}, (client) => client.send({ type: 'start', id: '1' })));
  it('4401 for an operation before the connection is acknowledged', () =>
    closes(4401, {}, (client) => client.subscribe('1', tick)));
  it('4403 for credentials that are no good', () =>
    closes(4403, {}, (client) =>
      client.send({ type: 'connection_init', payload: { authorization: 'Bearer x' } }),
    ));
  it('4406 for no protocol of ours', () =>
    withRouter({}, async (router) => {
      assert.equal((await new Client(router, '').closed).code, 4406);
    }));
  it('4408 for no connection_init in time', () =>
    closes(4408, { limits: { connectionInit: 50 } }, async () => undefined));
  it('4409 for an operation id in use', () =>
    closes(4409, {}, async (client) =>
      (await (await client.init()).subscribe('1', tick)).subscribe('1', tick),
    ));
  it('4429 for a second connection_init', () =>
    closes(4429, {}, async (client) => (await client.init()).send({ type: 'connection_init' })));
  it('4500 for a failure of our own', () => {
    const buckets = {
      take: () => {
        throw new Error('secret detail');
      },
    };
    const traffic = { buckets, rateLimit: { capacity: 1, perSecond: 1 } };
    return closes(4500, { traffic }, async (client) => (await client.init()).subscribe('1', tick));
  });
  it('1013 when credentials cannot be checked at the moment', () =>
    closes(1013, { resolveApiKey: () => Promise.reject(new Error('away')) }, (client) =>
      client.send({ type: 'connection_init', payload: { 'x-api-key': 'key-12345678' } }),
    ));
  it('1009 for a message that is too large', () =>
    closes(1009, {}, (client) => client.send('x'.repeat(300_000))));
  it('1001 when the router goes', () =>
    withRouter({}, async (router) => {
      const client = await new Client(router).init();
      await client.subscribe('1', tick);
      await client.next();
      void router.drain();
      assert.equal((await client.closed).code, 1001);
    }));

  it('4403 when the token expires, however busy the subscription is', async () => {
    const { publicKey, privateKey } = await generateKeyPair('EdDSA');
    const jwk = { ...(await exportJWK(publicKey)), kid: 'k1' };
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      kind: 'user',
      roles: ['customer'],
      region: 'eu',
      sub: 'usr_eu_1',
      iss: 'aisle',
      aud: 'aisle',
      iat: now,
      exp: now + 3,
    };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'EdDSA', kid: 'k1', typ: 'at+jwt' })
      .sign(privateKey);
    await withRouter({ jwks: { keys: async () => ({ keys: [jwk] }) } }, async (router) => {
      const authorization = `Bearer ${token}`;
      const clients = [new Client(router), new Client(router, PROTOCOL, { authorization })];
      await clients[0]?.init({ authorization });
      await clients[1]?.init();
      for (const client of clients) await client.subscribe('1', tick);
      for (const client of clients)
        assert.deepEqual(await client.closed, { code: 4403, reason: 'Forbidden' });
    });
  });
});

describe('limits of WebSockets', () => {
  it('carries only so many operations', () =>
    withRouter({ limits: { subscriptionsPerConnection: 2 } }, async (router) => {
      const client = await new Client(router).init();
      for (const id of ['1', '2', '3'])
        await client.subscribe(id, 'subscription { ticks(to: 3, everyMs: 200) { n } }');
      const message = await client.next();
      assert.equal(message.id, '3');
      assert.equal(message.payload[0].extensions.code, 'LIMIT_SUBSCRIPTIONS');
      client.socket.close();
    }));

  it('opens only so many, and not for other sites', async () => {
    const status = async (router: RunningRouter, headers: Record<string, string> = {}) => {
      const socket = new WebSocket(router.url.replace('http', 'ws'), 'graphql-transport-ws', { headers });
      socket.on('error', () => undefined);
      const [, response] = await once(socket, 'unexpected-response');
      response.destroy();
      return response.statusCode;
    };
    await withRouter({ limits: { streams: 1 } }, async (router) => {
      const first = await new Client(router).init();
      assert.equal(await status(router), 503);
      first.socket.close();
    });
    await withRouter({}, async (router) =>
      assert.equal(await status(router, { origin: 'https://evil.example' }), 403),
    );
  });

  it('ends a subscription whose client does not read', () =>
    withRouter({ limits: { bufferedEvents: 16 } }, async (router) => {
      const client = await new Client(router).init();
      client.socket.pause();
      await client.subscribe('1', 'subscription { ticks(to: 100000, everyMs: 0, bytes: 100000) { n text } }');
      await settled(
        router,
        () => router.meter.value('aisle_router_streams_ended_total', { reason: 'SLOW_CONSUMER' }) === 1,
      );
      client.socket.resume();
      let message = await client.next();
      while (message.type === 'next') message = await client.next();
      assert.equal(message.type, 'error');
      assert.equal(message.payload[0].extensions.code, 'SLOW_CONSUMER');
      client.socket.close();
    }));

  it('cuts off a client that asks and asks, and does not read', () =>
    withRouter({}, async (router) => {
      const client = await new Client(router).init();
      client.socket.pause();
      const payload = { text: 'x'.repeat(200_000) };
      for (let i = 0; i < 400; i++) await client.send({ type: 'ping', payload });
      await settled(
        router,
        () => router.meter.value('aisle_router_streams_ended_total', { reason: 'STALLED' }) === 1,
      );
      await settled(router, () => /streams_open 0\n/.test(router.meter.render()));
      client.socket.terminate();
    }));
});

/** Until no subscription is live (or what else is asked for), at most five seconds. */
async function settled(
  router: RunningRouter,
  done = () => /subscriptions_open 0\n/.test(router.meter.render()),
): Promise<void> {
  const end = Date.now() + 5000;
  while (!done()) {
    if (Date.now() > end) throw new Error('It did not end.');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
