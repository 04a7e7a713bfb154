import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { anonymous } from '@aisle/platform/identity';
import type { OperationHost } from '@aisle/platform/service';
import { createMeter } from '@aisle/platform/telemetry';
import { parse } from 'graphql';
import { codeOf, post, testHosts, testRouter } from '../test/test-router.ts';
import { createAdmission } from './admission.ts';
import { clientOf, memoryBuckets } from './rate-limit.ts';
import { redisBuckets } from './redis-buckets.ts';
import { isShed, priorityOf } from './shedding.ts';

/** The catalogue, with a count of its calls. */
function counted(): { host: OperationHost; calls: () => number } {
  let calls = 0;
  const inner = testHosts.catalogue as OperationHost;
  const execute: OperationHost['execute'] = (request) => {
    calls++;
    return inner.execute(request);
  };
  return { host: { ...inner, execute }, calls: () => calls };
}

describe('in-flight de-duplication', () => {
  const slow = { query: 'query ($ms: Int!) { slow(ms: $ms) }', variables: { ms: 150 } };
  const inFlight = async (
    deduplicate: boolean,
    bodies: readonly object[],
    headers: readonly Record<string, string>[] = [],
  ) => {
    const { host, calls } = counted();
    const router = await testRouter({ hosts: { ...testHosts, catalogue: host }, traffic: { deduplicate } });
    try {
      const answers = await Promise.all(bodies.map((body, i) => post(router, body, headers[i])));
      return { answers: answers.map(({ body }) => body), calls: calls() };
    } finally {
      await router.stop();
    }
  };

  it('runs equal queries of one identity once', async () => {
    const { answers, calls } = await inFlight(true, [slow, slow, slow, slow]);
    assert.equal(calls, 1);
    assert.deepEqual(answers, Array(4).fill({ data: { slow: 'at last' } }));
  });

  it('can be switched off', async () => {
    assert.equal((await inFlight(false, [slow, slow])).calls, 2);
  });

  it('keeps other variables, and other identities, apart', async () => {
    assert.equal((await inFlight(true, [slow, { ...slow, variables: { ms: 151 } }])).calls, 2);
    assert.equal(
      (await inFlight(true, [slow, slow], [{ 'x-aisle-region': 'eu' }, { 'x-aisle-region': 'gb' }])).calls,
      2,
    );
  });

  it('is never done to mutations', async () => {
    const mutation = { query: 'mutation { slowMutation(ms: 100) }' };
    assert.equal((await inFlight(true, [mutation, mutation])).calls, 2);
  });

  it('does not hand out what was read before a mutation that is answered', async () => {
    const { host, calls } = counted();
    const router = await testRouter({ hosts: { ...testHosts, catalogue: host } });
    try {
      const before = post(router, slow);
      await post(router, { query: 'mutation { rename(id: "1", title: "x") { title } }' });
      await Promise.all([before, post(router, slow)]);
      assert.equal(calls(), 3);
    } finally {
      await router.stop();
    }
  });

  it('goes on when the first client leaves', async () => {
    const { host, calls } = counted();
    const router = await testRouter({ hosts: { ...testHosts, catalogue: host } });
    try {
      const abort = new AbortController();
      const init = {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(slow),
      };
      const first = fetch(router.url, { ...init, signal: abort.signal }).catch(() => 'left');
      while (calls() === 0) await new Promise((resolve) => setTimeout(resolve, 2));
      const second = post(router, slow);
      await new Promise((resolve) => setTimeout(resolve, 30));
      abort.abort();
      assert.equal(await first, 'left');
      assert.deepEqual((await second).body, { data: { slow: 'at last' } });
      assert.equal(calls(), 1);
    } finally {
      await router.stop();
    }
  });
});

describe('the token bucket', () => {
  it('is paid with cost, and says when to come again', async () => {
    const router = await testRouter({ traffic: { rateLimit: { capacity: 30, perSecond: 10 } } });
    try {
      const query = { query: '{ products(first: 25) { title } }' };
      assert.equal((await post(router, query)).status, 200);
      const refused = await post(router, query);
      assert.equal(refused.status, 429);
      assert.equal(codeOf(refused), 'RATE_LIMITED');
      assert.equal(refused.headers.get('retry-after'), '2');
      assert.equal((await post(router, { query: '{ __typename }' })).status, 200);
    } finally {
      await router.stop();
    }
  });

  it('fills with time, up to its capacity, and forgets the client used longest ago', () => {
    let now = 0;
    const buckets = memoryBuckets(() => now, 2);
    const settings = { capacity: 10, perSecond: 1 };
    const take = (client: string, cost: number) => buckets.take(client, cost, settings);
    assert.deepEqual(take('a', 10), { allowed: true, retryAfter: 0 });
    assert.deepEqual(take('a', 3), { allowed: false, retryAfter: 3000 });
    now = 3000;
    assert.deepEqual(take('a', 3), { allowed: true, retryAfter: 0 });
    now = 1e9;
    assert.deepEqual(take('a', 1000), { allowed: true, retryAfter: 0 });
    take('b', 1);
    take('c', 1);
    assert.deepEqual(take('a', 10), { allowed: true, retryAfter: 0 });
  });

  it('belongs to the subject, or to the address of who has none', () => {
    assert.equal(clientOf(anonymous(), '10.0.0.1'), 'ip:10.0.0.1');
    assert.equal(
      clientOf({ kind: 'user', subject: 'usr_1', roles: [], region: 'us' }, '10.0.0.1'),
      'sub:usr_1',
    );
  });

  it('falls back to this process while Redis is away', async () => {
    const errors: unknown[] = [];
    const away = { eval: () => Promise.reject(new Error('away')) };
    const buckets = redisBuckets(
      away,
      memoryBuckets(() => 0),
      (error) => errors.push(error),
    );
    assert.deepEqual(await buckets.take('a', 1, { capacity: 1, perSecond: 1 }), {
      allowed: true,
      retryAfter: 0,
    });
    assert.equal((await buckets.take('a', 1, { capacity: 1, perSecond: 1 })).allowed, false);
    assert.equal(errors.length, 2);
  });
});

describe('load shedding', () => {
  const load = (lag: number, heap = 0) => ({ lag: () => lag, heap: () => heap });

  it('refuses what matters least first, and mutations last', () => {
    const shed = (lag: number, heap?: number) =>
      (['low', 'normal', 'high'] as const).filter((priority) =>
        isShed(priority, load(lag, heap), { lag: 100, heap: 0.8 }),
      );
    assert.deepEqual(shed(99), []);
    assert.deepEqual(shed(100), ['low']);
    assert.deepEqual(shed(200), ['low', 'normal']);
    assert.deepEqual(shed(800), ['low', 'normal', 'high']);
    assert.deepEqual(shed(0, 0.8), ['low']);
    assert.deepEqual(shed(0, 0.95), ['low', 'normal']);
  });

  it('goes by the most important root field', () => {
    const priorities = { recommendations: 'low', placeOrder: 'high' } as const;
    const of = (source: string) => priorityOf(parse(source), undefined, priorities);
    assert.equal(of('{ recommendations { id } }'), 'low');
    assert.equal(of('{ recommendations { id } cart { id } }'), 'normal');
    assert.equal(of('mutation { placeOrder }'), 'high');
    assert.equal(of('{ toString }'), 'normal');
    assert.equal(of('{ ... on Query { recommendations { id } } }'), 'low');
    assert.equal(
      of(
        '{ ...A } fragment A on Query { ...B __typename } fragment B on Query { recommendations { id } ...A }',
      ),
      'low',
    );
    assert.equal(of('{ recommendations { id } ... { ...A } } fragment A on Query { cart { id } }'), 'normal');
  });

  it('answers 503, counted by priority', () => {
    const meter = createMeter();
    const admission = createAdmission({
      load: load(1000),
      settings: () => ({ shedding: { lag: 100 }, rateLimit: undefined }),
      buckets: memoryBuckets(() => 0),
      meter,
    });
    assert.throws(() => admission.admit({ cost: 1, priority: 'low' }, anonymous(), undefined), {
      status: 503,
      code: 'OVERLOADED',
    });
    assert.equal(meter.value('aisle_router_shed_total', { priority: 'low' }), 1);
  });
});

describe('cost', () => {
  it('has a limit, and is told on request: estimated and actual', async () => {
    const router = await testRouter({ limits: { cost: 50 } });
    try {
      const refused = await post(router, { query: '{ products(first: 51) { title } }' });
      assert.equal(refused.status, 400);
      assert.equal(codeOf(refused), 'LIMIT_COST');
      const told = await post(
        router,
        { query: '{ products(first: 50) { title } }' },
        { 'x-aisle-cost': '1' },
      );
      assert.deepEqual(told.body.extensions.cost, { estimated: 50, actual: 2 });
    } finally {
      await router.stop();
    }
  });
});
