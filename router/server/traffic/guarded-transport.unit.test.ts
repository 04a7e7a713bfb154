import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anonymous } from '@aisle/platform/identity';
import { createMeter } from '@aisle/platform/telemetry';
import { parse } from 'graphql';
import type { SubgraphRequest, SubgraphTransport } from '../../engine/index.ts';
import { TransportError, type TransportErrorCode } from '../../transports/index.ts';
import { guardTransport } from './guarded-transport.ts';
import { createGuards } from './guards.ts';
import { createSubgraphMetrics } from './subgraph-metrics.ts';
import { type SubgraphSettings, settingsOf } from './subgraph-settings.ts';

const request = (kind: SubgraphRequest['kind'] = 'query'): SubgraphRequest => ({
  kind,
  query: '{ a }',
  document: parse('{ a }'),
  context: { caller: anonymous(), requestId: 'r', deadline: 1e15, signal: new AbortController().signal },
});

/** A subgraph that fails as told, call by call; `undefined` answers. */
function setUp(failures: readonly (TransportErrorCode | undefined)[], settings: SubgraphSettings = {}) {
  let calls = 0;
  let now = 0;
  const meter = createMeter();
  const inner: SubgraphTransport = {
    async execute() {
      const code = failures[Math.min(calls++, failures.length - 1)];
      if (code) throw new TransportError(code, 'a', code, { status: 503 });
      return { data: { a: 1 } };
    },
    subscribe: () => Promise.reject(new Error('not asked')),
    close: async () => {},
  };
  const transport = guardTransport(inner, {
    name: 'a',
    settings: settingsOf('a', { all: settings }),
    metrics: createSubgraphMetrics(meter),
    clock: { now: () => now },
    random: () => 0,
  });
  return {
    transport,
    meter,
    calls: () => calls,
    pass: (ms: number) => {
      now += ms;
    },
  };
}
const fails = (code: TransportErrorCode) => (error: unknown) =>
  error instanceof TransportError && error.code === code;

describe('calling a subgraph', () => {
  it('tries a query again that met nobody', async () => {
    const { transport, calls } = setUp(['SUBGRAPH_UNREACHABLE', undefined]);
    assert.deepEqual(await transport.execute(request()), { data: { a: 1 } });
    assert.equal(calls(), 2);
  });

  it('never tries a mutation again', async () => {
    const { transport, calls } = setUp(['SUBGRAPH_UNREACHABLE', undefined]);
    await assert.rejects(transport.execute(request('mutation')), fails('SUBGRAPH_UNREACHABLE'));
    assert.equal(calls(), 1);
  });

  it('does not repeat what was answered, or took too long', async () => {
    for (const code of ['SUBGRAPH_NOT_JSON', 'SUBGRAPH_TIMEOUT', 'SUBGRAPH_ABORTED'] as const) {
      const { transport, calls } = setUp([code]);
      await assert.rejects(transport.execute(request()), fails(code));
      assert.equal(calls(), 1);
    }
  });

  it('spends at most one retry in ten calls, after the first ten', async () => {
    const { transport, calls } = setUp(['SUBGRAPH_UNREACHABLE'], { breakerFailures: 0 });
    for (let i = 0; i < 200; i++)
      await assert.rejects(transport.execute(request()), fails('SUBGRAPH_UNREACHABLE'));
    const retries = calls() - 200;
    assert.ok(retries <= 10 + 20, `${retries} retries`);
  });

  it('stops calling after five failures, tries one after 30 s, and goes on when that works', async () => {
    const five = Array<TransportErrorCode>(5).fill('SUBGRAPH_NOT_JSON');
    const { transport, calls, pass, meter } = setUp([...five, undefined]);
    for (const code of five) await assert.rejects(transport.execute(request()), fails(code));
    await assert.rejects(transport.execute(request()), fails('SUBGRAPH_OVERLOADED'));
    assert.equal(calls(), 5);
    assert.match(meter.render(), /aisle_router_breaker_state\{subgraph="a"\} 2/);
    pass(30_000);
    await transport.execute(request());
    await transport.execute(request());
    assert.equal(calls(), 7);
    assert.match(meter.render(), /aisle_router_breaker_state\{subgraph="a"\} 0/);
  });

  it('is not talked into opening by clients that ask for a millisecond', async () => {
    const { transport, calls } = setUp(['SUBGRAPH_TIMEOUT']);
    for (let i = 0; i < 20; i++)
      await assert.rejects(transport.execute(request()), fails('SUBGRAPH_TIMEOUT'));
    assert.equal(calls(), 20);
  });

  it('keeps a slow subgraph from taking more than its places', async () => {
    let open: (() => void)[] = [];
    const slow: SubgraphTransport = {
      execute: () => new Promise((resolve) => open.push(() => resolve({ data: {} }))),
      subscribe: () => Promise.reject(new Error('not asked')),
      close: async () => {},
    };
    const transport = guardTransport(slow, {
      name: 'a',
      settings: settingsOf('a', { a: { concurrency: 2, queue: 1 } }),
      metrics: createSubgraphMetrics(createMeter()),
      clock: { now: () => 0 },
    });
    const calls = [1, 2, 3].map(() => transport.execute(request()));
    await assert.rejects(transport.execute(request()), fails('SUBGRAPH_OVERLOADED'));
    assert.equal(open.length, 2);
    for (let round = 0; round < 3; round++) {
      for (const finish of open.splice(0)) finish();
      await new Promise((resolve) => setImmediate(resolve));
    }
    open = [];
    assert.equal((await Promise.all(calls)).length, 3);
  });
});

describe('what a guard knows of a subgraph', () => {
  const failing: SubgraphTransport = {
    execute: () => Promise.reject(new TransportError('SUBGRAPH_UNREACHABLE', 'a', 'nobody there')),
    subscribe: () => Promise.reject(new Error('not asked')),
    close: async () => {},
  };
  const clock = { now: () => 0 };
  const metrics = createSubgraphMetrics(createMeter());

  it('outlives a reload, as long as address and settings are the same', async () => {
    const guards = createGuards(clock);
    const settings = settingsOf('a', { all: { breakerFailures: 3, retries: 0 } });
    const reloaded = (address: string, own = settings) =>
      guardTransport(failing, { name: 'a', settings: own, metrics, clock, guard: guards('a', address, own) });
    const first = reloaded('http://a');
    for (let n = 0; n < 3; n++) await assert.rejects(first.execute(request()), fails('SUBGRAPH_UNREACHABLE'));
    await assert.rejects(reloaded('http://a').execute(request()), fails('SUBGRAPH_OVERLOADED'));
    await assert.rejects(reloaded('http://b').execute(request()), fails('SUBGRAPH_UNREACHABLE'));
    const patient = settingsOf('a', { all: { breakerFailures: 4, retries: 0 } });
    await assert.rejects(reloaded('http://b', patient).execute(request()), fails('SUBGRAPH_UNREACHABLE'));
  });

  it('is told once, however many engines use it', () => {
    const meter = createMeter();
    const shown = createSubgraphMetrics(meter);
    const guard = createGuards(clock)('a', 'http://a', settingsOf('a'));
    const [leaveOld, leaveNew] = [shown.watch('a', guard), shown.watch('a', guard)];
    guard.bulkhead.acquire(request().context);
    const running = () => /subgraph_running\{subgraph="a"\} (\d)/.exec(meter.render())?.[1];
    assert.equal(running(), '1');
    leaveOld();
    leaveOld();
    assert.equal(running(), '1');
    leaveNew();
    assert.equal(running(), undefined);
  });
});

describe('the state of a guard in the metrics', () => {
  it('is that of the newest in use; what runs under the old ones is counted with it', () => {
    const meter = createMeter();
    const metrics = createSubgraphMetrics(meter);
    const guard = (state: 'open' | 'closed', running: number) => ({
      breaker: { state },
      bulkhead: { running },
    });
    const shown = () =>
      /breaker_state\{subgraph="a"\} (\d)[\s\S]*subgraph_running\{subgraph="a"\} (\d)/
        .exec(meter.render())
        ?.slice(1)
        .join();
    const leaveOld = metrics.watch('a', guard('open', 2));
    assert.equal(shown(), '2,2');
    const leaveRefused = metrics.watch('a', guard('closed', 0));
    leaveRefused();
    assert.equal(shown(), '2,2');
    metrics.watch('a', guard('closed', 3));
    assert.equal(shown(), '0,5');
    leaveOld();
    assert.equal(shown(), '0,3');
  });
});
