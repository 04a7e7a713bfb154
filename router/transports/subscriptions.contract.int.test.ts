import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { parse } from 'graphql';
import { type LiveSubgraph, startLiveSubgraph } from '../fixtures/live-subgraph.ts';
import { testContext } from '../fixtures/test-context.ts';
import { type CallbackMessage, Callbacks, httpTransport, TransportError } from './index.ts';
import { startTestServer, type TestServer } from './test-server.ts';

const HEARTBEAT = 100;
const MOST_EVENTS = 5;
const isCode = (code: string) => (error: unknown) => error instanceof TransportError && error.code === code;

/** What every way to follow a subgraph's subscription has to hold, against a process that speaks it with its protocol's own library. */
for (const subscriptions of ['graphql-ws', 'sse', 'callback'] as const) {
  describe(`a subscription at a subgraph over ${subscriptions}`, () => {
    let subgraph: LiveSubgraph;
    let endpoint: TestServer;
    let transport: ReturnType<typeof httpTransport>;
    const callbacks = new Callbacks({
      publicUrl: () => `${new URL(endpoint.url).origin}/callback`,
      heartbeat: HEARTBEAT,
    });

    before(async () => {
      subgraph = await startLiveSubgraph();
      endpoint = await startTestServer((body, request, response) => {
        const id = request.url?.split('/').at(-1) as string;
        callbacks
          .receive(id, async () => JSON.parse(body) as CallbackMessage)
          .then((status) => response.writeHead(status, { 'subscription-protocol': 'callback/1.0' }).end());
      });
    });
    after(async () => {
      await endpoint.close();
      await subgraph.stop();
    });
    beforeEach(() => {
      transport = httpTransport({
        name: 'live',
        url: subgraph.url,
        subscriptions,
        callbacks,
        maxBufferedEvents: MOST_EVENTS,
        sign: (_request, body) => ({ 'x-envelope': String(body.length) }),
      });
    });
    afterEach(() => transport.close());

    const follow = (query: string, signal = new AbortController().signal) =>
      transport.subscribe({
        kind: 'subscription',
        query,
        document: parse(query),
        context: testContext({ signal }),
      });
    const changes = async (from: number, signal?: AbortSignal) => {
      const source = await follow(`subscription { changes(after: "${from}") { n } }`, signal);
      return {
        next: async () => ((await source.next()).value?.data?.changes as { n: number } | undefined)?.n,
        leave: () => source.return?.(),
      };
    };
    /** Until the subgraph has no reader any more, of which there have been some since it last started. */
    const nobodyFollows = async (atLeast = 0) => {
      const end = Date.now() + 8000;
      for (;;) {
        const { open, ever } = await subgraph.readers();
        if (open === 0 && ever >= atLeast) break;
        if (Date.now() > end) throw new Error('The subgraph goes on.');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      assert.equal(callbacks.size, 0);
    };

    it('gives every event in its order, then ends', async () => {
      subgraph.append(3);
      const received: unknown[] = [];
      for await (const { data } of await follow('subscription { upTo(n: 3) { n cursor } }'))
        received.push(data?.upTo);
      assert.deepEqual(
        received,
        [1, 2, 3].map((n) => ({ n, cursor: String(n) })),
      );
      await nobodyFollows();
    });

    it('that is refused is one response with errors', async () => {
      const source = await follow('subscription { refused { n } }');
      const first = (await source.next()).value;
      assert.match(first.errors[0].message, /not you/);
      assert.equal((await source.next()).done, true);
      await nobodyFollows();
    });

    it('that is not valid there is one response with errors', async () => {
      const received: unknown[] = [];
      try {
        for await (const event of await follow('subscription { nothing { n } }')) received.push(event);
        assert.match(JSON.stringify(received), /Cannot query field/);
      } catch (error) {
        // What is no event stream cannot say more over SSE.
        assert.ok(isCode('SUBGRAPH_HTTP_STATUS')(error));
      }
      await nobodyFollows();
    });

    it('ends at the subgraph when its reader leaves', async () => {
      const { next, leave } = await changes(0);
      assert.equal(await next(), 1);
      await leave();
      await nobodyFollows();
    });

    it('ends at the subgraph when its operation is aborted', async () => {
      const controller = new AbortController();
      const { next } = await changes(0, controller.signal);
      assert.equal(await next(), 1);
      controller.abort();
      await nobodyFollows();
    });

    it('ends, and is told so, when its reader is too slow', async () => {
      subgraph.append(20);
      const { ever } = await subgraph.readers();
      const { next } = await changes(0);
      await nobodyFollows(ever + 1);
      for (let n = 1; n <= MOST_EVENTS; n++) assert.equal(await next(), n);
      await assert.rejects(next, isCode('SUBGRAPH_OVERLOADED'));
    });

    it('breaks off when the process is killed, and goes on after the cursor when that is back', async () => {
      const first = await changes(20);
      assert.equal(await first.next(), 21);
      await subgraph.kill();
      const rest = async () => {
        for (;;) await first.next();
      };
      await assert.rejects(rest, isCode('SUBGRAPH_UNREACHABLE'));
      assert.equal(callbacks.size, 0);
      await subgraph.start();
      subgraph.append();
      const again = await changes(21);
      for (const n of [22, 23, 24]) assert.equal(await again.next(), n);
      await again.leave();
      await nobodyFollows();
    });
  });
}
