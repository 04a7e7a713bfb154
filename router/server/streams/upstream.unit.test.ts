import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { OperationHost, SubgraphRequest, SubgraphResponse } from '@aisle/platform/service';
import { buildSchema, parse } from 'graphql';
import { runGraph } from '../../fixtures/graph.ts';
import { TransportError } from '../../transports/index.ts';
import type { RunningRouter } from '../index.ts';
import { testRouter } from '../test/test-router.ts';
import { AFTER, CURSOR, resumePlan } from './resume.ts';

const SDL = /* GraphQL */ `
  type Query { a: Int }
  type Subscription { changes(after: String): Change  plain: Change  always(after: String): Change }
  type Change { cursor: String! n: Int! }
`;
const { supergraphSdl } = runGraph({ name: 'live', subgraphs: { live: { sdl: SDL, resolvers: {} } } });
const changed = supergraphSdl.replace('type Change', '"""A change."""\ntype Change');

/** A subgraph with a log of events that can be followed from any cursor, and that can be cut off. */
class Log {
  readonly opened: SubgraphRequest[] = [];
  /** True: whoever opens a subscription is cut off at once. */
  breaks = false;
  #length = 0;
  #down = false;
  readonly #readers = new Set<{ wake(): void; cut: boolean }>();

  append(): void {
    this.#length++;
    for (const reader of this.#readers) reader.wake();
  }

  /** Breaks every subscription; while it is down none can be opened. */
  kill(): void {
    this.#down = true;
    for (const reader of this.#readers) {
      reader.cut = true;
      reader.wake();
    }
  }

  revive(): void {
    this.#down = false;
  }

  get readers(): number {
    return this.#readers.size;
  }

  readonly host: OperationHost = {
    execute: async () => ({ data: { a: 1 } }),
    subscribe: async (request) => {
      if (this.#down) throw new TransportError('SUBGRAPH_UNREACHABLE', 'live', 'is not there');
      this.opened.push(request);
      const after = request.variables?.[AFTER] as string | undefined;
      return this.#follow(
        after === undefined ? this.#length : Number(after),
        Object.keys(fieldOf(request))[0] as string,
        request,
      );
    },
  };

  #follow(from: number, field: string, request: SubgraphRequest): AsyncIterableIterator<SubgraphResponse> {
    let at = from;
    let pending = Promise.withResolvers<void>();
    const reader = { wake: () => pending.resolve(), cut: this.breaks };
    this.#readers.add(reader);
    const leave = () => this.#readers.delete(reader);
    let over = false;
    const end = () => {
      over = true;
      leave();
      pending.resolve();
    };
    request.context.signal.addEventListener('abort', end);
    const iterator: AsyncIterableIterator<SubgraphResponse> = {
      [Symbol.asyncIterator]: () => iterator,
      next: async () => {
        while (!over && !reader.cut && at >= this.#length) {
          await pending.promise;
          pending = Promise.withResolvers();
        }
        if (over) return { done: true, value: undefined };
        if (reader.cut) {
          leave();
          throw new TransportError('SUBGRAPH_UNREACHABLE', 'live', 'broke off');
        }
        at++;
        const asked = fieldOf(request)[field] as readonly string[];
        const event = Object.fromEntries(
          asked.map((name) => [name, name === 'n' ? at : name === '__typename' ? 'Change' : String(at)]),
        );
        return { done: false, value: { data: { [field]: event } } };
      },
      return: async () => {
        end();
        return { done: true, value: undefined };
      },
    };
    return iterator;
  }
}

/** The root field of a subscription and the response names asked for below. */
function fieldOf({ document }: SubgraphRequest): Record<string, readonly string[]> {
  // biome-ignore lint/suspicious/noExplicitAny: the shape of this test's own operations
  const field = (document.definitions[0] as any).selectionSet.selections[0];
  // biome-ignore lint/suspicious/noExplicitAny: as above
  const names = field.selectionSet.selections.map((one: any) => one.alias?.value ?? one.name.value);
  return { [field.name.value]: names };
}

const subscribe = (router: RunningRouter, query: string) => {
  const events: number[] = [];
  const errors: unknown[] = [];
  const abort = new AbortController();
  const ended = (async () => {
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query }),
    };
    const response = await fetch(router.url, { ...init, signal: abort.signal });
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      const parts = text.split('\n\n');
      text = parts.pop() ?? '';
      for (const part of parts) {
        const data = /^event: next\ndata: (.*)$/m.exec(part)?.[1];
        if (!data) continue;
        assert.doesNotMatch(data, new RegExp(CURSOR));
        const payload = JSON.parse(data);
        if (payload.errors) errors.push(payload.errors[0].extensions.code);
        else events.push((Object.values(payload.data)[0] as { n: number }).n);
      }
    }
  })().catch(() => undefined);
  return { events, errors, ended, leave: () => abort.abort() };
};

async function until(done: () => boolean): Promise<void> {
  const end = Date.now() + 8000;
  while (!done()) {
    if (Date.now() > end) throw new Error(`It did not come to be: ${done}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function live(
  run: (log: Log, router: RunningRouter) => Promise<void>,
  shared: readonly string[] = ['changes'],
): Promise<void> {
  const log = new Log();
  const router = await testRouter({
    supergraph: { sdl: supergraphSdl },
    hosts: { live: log.host },
    traffic: { sharedSubscriptions: shared },
  });
  try {
    await run(log, router);
  } finally {
    await router.stop();
  }
}
const CHANGES = 'subscription { changes { n } }';
const numbers = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('shared upstreams', () => {
  it('ask the subgraph once for equal subscriptions, and stop with the last of them', () =>
    live(async (log, router) => {
      const all = Array.from({ length: 10 }, () => subscribe(router, CHANGES));
      await until(() => /subscriptions_open 10\n/.test(router.meter.render()));
      log.append();
      log.append();
      await until(() => all.every(({ events }) => events.length === 2));
      assert.equal(log.opened.length, 1);
      for (const one of all.slice(1)) one.leave();
      await until(() => /subscriptions_open 1\n/.test(router.meter.render()));
      log.append();
      await until(() => all[0]?.events.length === 3);
      all[0]?.leave();
      await until(() => log.readers === 0);
    }));

  it('open one of their own for who comes late to a field that may begin with the past', () =>
    live(async (log, router) => {
      const first = subscribe(router, 'subscription { always { n } }');
      await until(() => log.readers === 1);
      log.append();
      await until(() => first.events.length === 1);
      const second = subscribe(router, 'subscription { always { n } }');
      await until(() => log.readers === 2);
      first.leave();
      second.leave();
    }));
});

describe('subscriptions that hold', () => {
  it('go on after the subgraph was gone twenty times, 100 subscribers without gap or duplicate', () =>
    live(async (log, router) => {
      const all = Array.from({ length: 100 }, () => subscribe(router, CHANGES));
      await until(() => /subscriptions_open 100\n/.test(router.meter.render()));
      await until(() => log.readers === 1);
      log.append();
      await until(() => all.every(({ events }) => events.length === 1));
      for (let i = 0; i < 20; i++) {
        log.append();
        log.kill();
        log.append();
        log.revive();
        log.append();
        await until(() => log.opened.length === i + 2);
      }
      await until(() => all.every(({ events }) => events.length >= 61));
      for (const { events } of all) assert.deepEqual(events, numbers(61));
      assert.ok(router.meter.value('aisle_router_subscriptions_resumed_total') >= 20);
      for (const one of all) one.leave();
    }));

  it('are not opened again without a pause when nothing comes of it', () =>
    live(async (log, router) => {
      const one = subscribe(router, CHANGES);
      await until(() => log.readers === 1);
      log.append();
      await until(() => one.events.length === 1);
      log.breaks = true;
      log.kill();
      log.revive();
      const started = performance.now();
      await until(() => log.opened.length === 6);
      // At once, then after 50, 100, 200, 400 ms, each up to a half less.
      assert.ok(performance.now() - started > 370);
      log.breaks = false;
      log.append();
      await until(() => one.events.length === 2);
      one.leave();
    }));

  it('are planned anew on the next supergraph', () =>
    live(async (log, router) => {
      const one = subscribe(router, CHANGES);
      await until(() => log.readers === 1);
      for (let i = 0; i < 6; i++) {
        log.append();
        await until(() => one.events.length === i + 1);
        await router.reload({ sdl: i % 2 ? supergraphSdl : changed });
      }
      log.append();
      await until(() => one.events.length === 7);
      assert.deepEqual(one.events, numbers(7));
      assert.equal(router.meter.value('aisle_router_subscriptions_resumed_total'), 6);
      one.leave();
    }));

  it('miss nothing when the supergraph is replaced before their first event', () =>
    live(async (log, router) => {
      const one = subscribe(router, CHANGES);
      await until(() => log.readers === 1);
      await router.reload({ sdl: changed });
      log.append();
      await until(() => one.events.length === 1);
      assert.equal(router.meter.value('aisle_router_subscriptions_resumed_total'), 1);
      log.append();
      await until(() => one.events.length === 2);
      assert.deepEqual(one.events, numbers(2));
      one.leave();
    }));

  it('end with a typed error when the next supergraph does not know them', () =>
    live(async (log, router) => {
      const one = subscribe(router, CHANGES);
      await until(() => log.readers === 1);
      await router.reload({ sdl: supergraphSdl.replace(/ {2}changes\(.*\n/, '') });
      await one.ended;
      assert.deepEqual(one.errors, ['GRAPHQL_VALIDATION_FAILED']);
    }));

  it('end with a typed error when they break off and have no cursors', () =>
    live(async (log, router) => {
      const one = subscribe(router, 'subscription { plain { n } }');
      await until(() => log.readers === 1);
      log.kill();
      await one.ended;
      assert.deepEqual(one.errors, ['SUBGRAPH_UNAVAILABLE']);
    }));
});

describe('how a subscription is resumed', () => {
  const schema = buildSchema(SDL);
  const plan = (source: string) => resumePlan(schema, parse(source), undefined);

  it('asks for the cursor, and starts after it', () => {
    const { initial, resumed, key } =
      plan('subscription ($c: String) { x: changes(after: $c) { n } }') ?? assert.fail();
    assert.equal(key, 'x');
    assert.match(initial, /x: changes\(after: \$c\) \{\s+n\s+aisleResumeCursor: cursor/);
    assert.match(
      resumed,
      /^subscription \(\$aisleResumeAfter: String\) \{\s+x: changes\(after: \$aisleResumeAfter\)/,
    );
  });

  it('is not possible without after, or without cursor', () => {
    assert.equal(plan('subscription { plain { n } }'), undefined);
    assert.equal(plan('{ a }'), undefined);
  });
});
