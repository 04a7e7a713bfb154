import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runGraph } from '../../fixtures/graph.ts';
import { LIVE_SDL } from '../../fixtures/live-subgraph.ts';
import { startTestServer } from '../../transports/test-server.ts';
import type { RouterOptions, RunningRouter } from '../index.ts';
import { testRouter } from './test-router.ts';

const { supergraphSdl } = runGraph({ name: 'live', subgraphs: { live: { sdl: LIVE_SDL, resolvers: {} } } });

interface Extension {
  readonly callbackUrl: string;
  readonly subscriptionId: string;
  readonly verifier: string;
  readonly heartbeatIntervalMs: number;
}

/** A subgraph that takes every subscription on and says nothing; the test posts for it. */
class Subgraph {
  readonly asked: { readonly extension: Extension; readonly accept: string | undefined }[] = [];
  readonly router: RunningRouter;
  readonly #stop: () => Promise<void>;

  private constructor(router: RunningRouter, stop: () => Promise<void>) {
    this.router = router;
    this.#stop = stop;
  }

  static async with(
    options: Partial<RouterOptions>,
    run: (subgraph: Subgraph) => Promise<void>,
  ): Promise<void> {
    const server = await startTestServer((body, request, response) => {
      const { extensions } = JSON.parse(body) as { extensions: { subscription: Extension } };
      subgraph.asked.push({ extension: extensions.subscription, accept: request.headers.accept });
      response.setHeader('content-type', 'application/json').end('{"data":null}');
    });
    const router = await testRouter({
      supergraph: { sdl: supergraphSdl },
      hosts: {},
      routingUrls: { live: server.url },
      subgraphs: { live: { subscriptions: 'callback', maxResponseBytes: 10_000 } },
      ...options,
    }).catch(async (error: unknown) => {
      await server.close();
      throw error;
    });
    const subgraph: Subgraph = new Subgraph(router, server.close);
    try {
      await run(subgraph);
    } finally {
      await router.stop();
      await subgraph.#stop();
    }
  }

  async extension(index = 0): Promise<Extension> {
    const end = Date.now() + 5000;
    for (;;) {
      const asked = this.asked[index];
      if (asked) return asked.extension;
      if (Date.now() > end) throw new Error('It was not asked.');
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Posts a message as it should be, but for what `change` says. */
  async post(
    message: object,
    change: { readonly url?: string; readonly index?: number } = {},
  ): Promise<Response> {
    const { callbackUrl, subscriptionId: id, verifier } = await this.extension(change.index);
    return fetch(change.url ?? callbackUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'subscription-protocol': 'callback/1.0' },
      body: JSON.stringify({ kind: 'subscription', id, verifier, ...message }),
    });
  }
}

const next = (n: number) => ({
  action: 'next',
  payload: { data: { changes: { n, aisleResumeCursor: String(n) } } },
});

/** What comes to a client, until its stream ends. */
function client(router: RunningRouter, query = 'subscription { changes { n } }') {
  const abort = new AbortController();
  const results: unknown[] = [];
  const ended = (async () => {
    const response = await fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
      signal: abort.signal,
    });
    const text = await response.text();
    for (const [, json] of text.matchAll(/^data: (\{.*\})$/gm)) results.push(JSON.parse(json as string));
  })().catch(() => undefined);
  return { results, ended, leave: () => abort.abort() };
}

const numbers = (results: readonly unknown[]) =>
  results.map((result) => (result as { data?: { changes: { n: number } } }).data?.changes.n);

describe('subgraphs that post their events (callback/1.0)', () => {
  it('are told where to, and every event of theirs comes, in order, to its completion', () =>
    Subgraph.with({ callback: { heartbeat: 1234 } }, async (subgraph) => {
      const { results, ended } = client(subgraph.router);
      const extension = await subgraph.extension();
      assert.match(subgraph.asked[0]?.accept ?? '', /^application\/json;callbackSpec=1\.0/);
      const base = subgraph.router.url.replace('/graphql', '/callback');
      assert.equal(extension.callbackUrl, `${base}/${extension.subscriptionId}`);
      assert.equal(extension.heartbeatIntervalMs, 1234);
      const checked = await subgraph.post({ action: 'check' });
      assert.equal(checked.status, 204);
      assert.equal(checked.headers.get('subscription-protocol'), 'callback/1.0');
      // At once: what is begun first is taken in first.
      const answers = await Promise.all([1, 2, 3, 4, 5].map((n) => subgraph.post(next(n))));
      assert.ok(answers.every(({ status }) => status === 200));
      assert.equal((await subgraph.post({ action: 'complete' })).status, 202);
      await ended;
      assert.deepEqual(numbers(results).sort(), [1, 2, 3, 4, 5]);
      assert.equal((await subgraph.post(next(6))).status, 404);
    }));

  it('end badly with the errors they give', () =>
    Subgraph.with({}, async (subgraph) => {
      const { results, ended } = client(subgraph.router);
      const errors = [{ message: 'no more', extensions: { code: 'GONE' } }];
      assert.equal((await subgraph.post({ action: 'complete', errors })).status, 202);
      await ended;
      assert.match(JSON.stringify(results), /no more/);
    }));

  it('are told 404 when nobody listens any more, so that they stop', () =>
    Subgraph.with({}, async (subgraph) => {
      const { leave } = client(subgraph.router);
      assert.equal((await subgraph.post({ action: 'check' })).status, 204);
      leave();
      const end = Date.now() + 5000;
      while ((await subgraph.post({ action: 'check' })).status !== 404) assert.ok(Date.now() < end);
    }));

  it('are not who has no verifier, another id, or something else to say', () =>
    Subgraph.with({}, async (subgraph) => {
      const { leave } = client(subgraph.router);
      const { callbackUrl, subscriptionId } = await subgraph.extension();
      const status = async (message: object, url?: string) =>
        (await subgraph.post(message, url === undefined ? {} : { url })).status;
      assert.equal(await status({ ...next(1), verifier: 'guessed' }), 401);
      assert.equal(await status({ ...next(1), verifier: '' }), 401);
      assert.equal(await status({ ...next(1), id: 'another' }), 400);
      assert.equal(await status(next(1), callbackUrl.replace(subscriptionId, 'unknown')), 404);
      assert.equal(await status({ action: 'next' }), 400);
      assert.equal(await status({ action: 'next', payload: 'text' }), 400);
      assert.equal(await status({ action: 'stop' }), 400);
      assert.equal(await status({ ...next(1), more: 'x'.repeat(20_000) }), 413);
      assert.equal((await fetch(callbackUrl)).status, 405);
      leave();
    }));

  it('are followed anew, after the last event, when they give no sign of life', () =>
    Subgraph.with({ callback: { heartbeat: 30 } }, async (subgraph) => {
      const { results, ended } = client(subgraph.router);
      assert.equal((await subgraph.post(next(1))).status, 200);
      const again = await subgraph.extension(1);
      assert.notEqual(again.subscriptionId, subgraph.asked[0]?.extension.subscriptionId);
      // What was given up says one thing more, late: it comes with the other, once.
      assert.equal((await subgraph.post(next(2))).status, 404);
      assert.equal((await subgraph.post(next(2), { index: 1 })).status, 200);
      assert.equal((await subgraph.post({ action: 'complete' }, { index: 1 })).status, 202);
      await ended;
      assert.deepEqual(numbers(results), [1, 2]);
    }));

  it('need a router that they can find', async () => {
    const starting = Subgraph.with({ host: '0.0.0.0' }, async () => assert.fail('It started.'));
    await assert.rejects(starting, /callback\.publicUrl does not say where this router is/);
    await Subgraph.with(
      { host: '0.0.0.0', callback: { publicUrl: 'http://router.example/hooks/' } },
      async (subgraph) => {
        const { leave } = client(subgraph.router);
        assert.match((await subgraph.extension()).callbackUrl, /^http:\/\/router\.example\/hooks\/[\w-]+$/);
        leave();
      },
    );
  });
});
