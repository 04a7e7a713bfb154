import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { runGraph } from '../../fixtures/graph.ts';
import { LIVE_SDL, type LiveSubgraph, startLiveSubgraph } from '../../fixtures/live-subgraph.ts';
import type { RunningRouter } from '../index.ts';
import { testRouter } from '../test/test-router.ts';

const { supergraphSdl } = runGraph({ name: 'live', subgraphs: { live: { sdl: LIVE_SDL, resolvers: {} } } });
/** Different operations, so that several upstreams have to be resumed; each is shared by its subscribers. */
const OPERATIONS = ['a', 'b', 'c', 'd', 'e'].map((name) => `subscription { ${name}: changes { n } }`);
const PER_SOCKET = 10;

/** What one subscriber got, in the order in which it came. */
type Received = (number | object)[];

interface Subscribers {
  readonly all: readonly Received[];
  leave(): void;
}

const numberIn = (result: { data?: unknown }): number | object => {
  const [event] = Object.values((result.data ?? {}) as Record<string, { n: number }>);
  return event?.n ?? result;
};

/** Half of them over event streams, half over WebSockets that each carry some. */
function subscribers(router: RunningRouter, count: number): Subscribers {
  const abort = new AbortController();
  const clients: Client[] = [];
  const all = Array.from({ length: count }, (_, index) => {
    const received: Received = [];
    const query = OPERATIONS[index % OPERATIONS.length] as string;
    if (index < count / 2) {
      void overEventStream(router, query, abort.signal, received);
      return received;
    }
    if (index % PER_SOCKET === 0 || clients.length === 0)
      clients.push(
        createClient({
          url: router.url.replace('http', 'ws'),
          webSocketImpl: WebSocket,
          lazy: false,
          retryAttempts: 0,
        }),
      );
    clients.at(-1)?.subscribe(
      { query },
      {
        next: (result) => received.push(numberIn(result)),
        error: (error) => received.push({ error }),
        complete: () => received.push({ complete: true }),
      },
    );
    return received;
  });
  return {
    all,
    leave() {
      abort.abort();
      for (const client of clients) void client.dispose();
    },
  };
}

async function overEventStream(
  router: RunningRouter,
  query: string,
  signal: AbortSignal,
  received: Received,
): Promise<void> {
  try {
    const response = await fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
      signal,
    });
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const data = /^event: next\ndata: (.*)$/.exec(event)?.[1];
        if (data) received.push(numberIn(JSON.parse(data)));
      }
    }
    received.push({ complete: true });
  } catch (error) {
    if (!signal.aborted) received.push({ error });
  }
}

async function until(what: string, done: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 20_000;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`It did not come to be: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** Kills the subgraph again and again, with events before, during and after; everybody must get every one, once, in order. */
async function killAndRestart(
  subgraph: LiveSubgraph,
  router: RunningRouter,
  {
    count,
    kills,
    early = false,
  }: { readonly count: number; readonly kills: number; readonly early?: boolean },
): Promise<void> {
  const { all, leave } = subscribers(router, count);
  const isFollowed = async () => (await subgraph.readers()).open === OPERATIONS.length;
  await until('all subscribed', () =>
    new RegExp(`subscriptions_open ${count}\\n`).test(router.meter.render()),
  );
  await until('followed', isFollowed);
  if (!early) {
    subgraph.append();
    await until('the first event', () => all.every(({ length }) => length === 1));
  }
  for (let kill = 0; kill < kills; kill++) {
    if (!early || kill > 0) subgraph.append(2);
    await subgraph.kill();
    subgraph.append(early && kill === 0 ? 4 : 2);
    await subgraph.start();
    subgraph.append();
    await until(`followed after kill ${kill + 1}`, isFollowed);
  }
  const expected = Array.from({ length: (early ? 0 : 1) + 5 * kills }, (_, index) => index + 1);
  await until('the last event', () => all.every(({ length }) => length >= expected.length));
  for (const received of all) assert.deepEqual(received, expected);
  const resumed = router.meter.value('aisle_router_subscriptions_resumed_total');
  assert.ok(resumed >= kills * OPERATIONS.length, `${resumed} were resumed`);
  leave();
}

describe('subscriptions through kills of the subgraph', () => {
  const runs = [
    { subscriptions: 'graphql-ws', count: 500, kills: 20 },
    { subscriptions: 'sse', count: 100, kills: 5 },
    { subscriptions: 'callback', count: 100, kills: 5 },
    { subscriptions: 'graphql-ws', count: 50, kills: 2, early: true },
    { subscriptions: 'sse', count: 50, kills: 2, early: true },
    { subscriptions: 'callback', count: 50, kills: 2, early: true },
  ] as const;
  for (const { subscriptions, count, kills, ...rest } of runs) {
    const early = 'early' in rest;
    const when = early ? ', the first before any event' : '';
    it(`${count} subscribers, ${kills} kills${when}, followed over ${subscriptions}: no gap, no duplicate`, async () => {
      const subgraph = await startLiveSubgraph();
      const router = await testRouter({
        supergraph: { sdl: supergraphSdl },
        hosts: {},
        routingUrls: { live: subgraph.url },
        subgraphs: { live: { subscriptions } },
        callback: { heartbeat: 100 },
        traffic: {
          sharedSubscriptions: ['changes'],
          ...(early && { startCursors: { changes: 'changesCursor' } }),
        },
      });
      try {
        await killAndRestart(subgraph, router, { count, kills, early });
      } finally {
        await router.stop();
        await subgraph.stop();
      }
    });
  }
});
