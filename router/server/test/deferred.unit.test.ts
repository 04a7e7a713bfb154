import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { RunningRouter } from '../index.ts';
import { post, testRouter } from './test-router.ts';

describe('@defer over multipart', () => {
  let router: RunningRouter;
  before(async () => {
    router = await testRouter();
  });
  after(() => router.stop());
  const query = '{ product(id: "1") { title ... @defer(label: "later") { stock } } }';

  async function parts(accept: string, source = query, from = router) {
    const headers = { 'content-type': 'application/json', accept };
    const response = await fetch(from.url, {
      method: 'POST',
      headers,
      body: JSON.stringify({ query: source }),
    });
    const text = await response.text();
    assert.match(response.headers.get('content-type') ?? '', /^multipart\/mixed; boundary="-"/);
    assert.ok(text.startsWith('\r\n---\r\n') && text.endsWith('\r\n-----\r\n'), text);
    return [...text.matchAll(/\r\n\r\n(\{.*\})\r\n/g)].map((match) => JSON.parse(match[1] as string));
  }

  it('comes in the older format', async () => {
    const all = await parts('multipart/mixed;deferSpec=20220824, application/json');
    assert.deepEqual(all[0], { data: { product: { title: 'Oat milk' } }, hasNext: true });
    const later = all.flatMap(({ incremental = [] }) => incremental);
    assert.deepEqual(later, [{ data: { stock: 10 }, path: ['product'], label: 'later' }]);
    assert.equal(all.at(-1).hasNext, false);
  });

  it('comes in the present format, announced in the first payload', async () => {
    assert.deepEqual(await parts('multipart/mixed;incrementalSpec=v0.2, application/json'), [
      {
        data: { product: { title: 'Oat milk' } },
        pending: [{ id: '0', path: ['product'], label: 'later' }],
        hasNext: true,
      },
      { incremental: [{ id: '0', data: { stock: 10 } }], completed: [{ id: '0' }], hasNext: false },
    ]);
  });

  it('brings only what is new in the present format, with the path to it', async () => {
    const all = await parts(
      'multipart/mixed;incrementalSpec=v0.2',
      '{ product(id: "1") { title } ... @defer { product(id: "1") { title stock } fails } }',
    );
    assert.deepEqual(all[0], {
      data: { product: { title: 'Oat milk' } },
      pending: [{ id: '0', path: [] }],
      hasNext: true,
    });
    const [error] = all[1].incremental[0].errors;
    assert.deepEqual(error.path, ['fails']);
    assert.deepEqual(all[1], {
      incremental: [
        { id: '0', data: { fails: null }, errors: [error] },
        { id: '0', subPath: ['product'], data: { stock: 10 } },
      ],
      completed: [{ id: '0' }],
      hasNext: false,
    });
  });

  it('is completed with its errors when they take it away', async () => {
    const all = await parts(
      'multipart/mixed;incrementalSpec=v0.2',
      '{ products { title ... @defer { broken } } }',
    );
    assert.equal(all[0].pending.length, 2);
    assert.deepEqual(
      all[1].completed.map(({ id, errors }: { id: string; errors: { path: unknown }[] }) => [
        id,
        errors[0]?.path,
      ]),
      [
        ['0', ['products', 0, 'broken']],
        ['1', ['products', 1, 'broken']],
      ],
    );
    assert.equal(all[1].incremental, undefined);
    assert.equal(all[1].hasNext, false);
  });

  it('is one payload when a variable switches it off', async () => {
    const all = await parts(
      'multipart/mixed;incrementalSpec=v0.2',
      'query ($on: Boolean! = false) { product(id: "1") { title ... @defer(if: $on) { stock } } }',
    );
    assert.deepEqual(all, [{ data: { product: { title: 'Oat milk', stock: 10 } }, hasNext: false }]);
  });

  it('is in a format this router speaks, or in none', async () => {
    const answer = await post(router, { query }, { accept: 'multipart/mixed;incrementalSpec=v7' });
    assert.equal(answer.status, 406);
    const json = await post(
      router,
      { query },
      { accept: 'multipart/mixed;incrementalSpec=v7, application/json' },
    );
    assert.equal(json.body.data.product.stock, 10);
  });

  for (const [spec, last] of [
    ['incrementalSpec=v0.2', { completed: [{ id: '0' }], hasNext: false }],
    ['deferSpec=20220824', { incremental: [{ data: null, path: [], label: 'late' }], hasNext: false }],
  ] as const) {
    it(`fails what has not come when time is up, in the format ${spec}`, async () => {
      const hasty = await testRouter({ limits: { timeout: 100 } });
      try {
        const source = '{ warehouses ... @defer(label: "late") { slow(ms: 3000) } }';
        const [first, second] = await parts(`multipart/mixed;${spec}`, source, hasty);
        assert.deepEqual(first.data, { warehouses: ['north'] });
        const [part] = second.completed ?? second.incremental;
        const [error] = part.errors;
        delete part.errors;
        assert.equal(error.extensions.code, 'DEADLINE_EXCEEDED');
        assert.deepEqual(second, last);
      } finally {
        await hasty.stop();
      }
    });
  }

  it('lets a mutation be carried through when its client leaves', async () => {
    const source =
      'mutation Slow { slowMutation(ms: 150) rename(id: "1", title: "x") { title ... @defer { stock } } }';
    const leaving = new AbortController();
    const ended = () =>
      router.meter.value('aisle_router_operations_total', {
        operation: 'Slow',
        kind: 'mutation',
        outcome: 'ok',
      });
    const before = ended();
    const request = fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'multipart/mixed' },
      body: JSON.stringify({ query: source }),
      signal: leaving.signal,
    });
    await until(() => /operations_open 1\n/.test(router.meter.render()));
    leaving.abort();
    await request.catch(() => undefined);
    await until(() => /operations_open 0\n/.test(router.meter.render()));
    assert.equal(ended(), before + 1);
  });

  it('is cut off from a client that stops reading', async () => {
    const slow = await testRouter({ limits: { stalled: 100 } });
    try {
      const body = JSON.stringify({ query: '{ warehouses ... @defer { big(bytes: 20000000) } }' });
      const socket = connect(slow.port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write(
        `POST /graphql HTTP/1.1\r\nhost: a\r\naccept: multipart/mixed\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
      socket.pause();
      const cutOff = () => slow.meter.value('aisle_router_streams_ended_total', { reason: 'STALLED' });
      await until(() => cutOff() === 1);
      await until(() => /operations_open 0\n/.test(slow.meter.render()));
      socket.destroy();
    } finally {
      await slow.stop();
    }
  });

  it('is answered at once to who takes no parts', async () => {
    assert.deepEqual((await post(router, { query })).body, {
      data: { product: { title: 'Oat milk', stock: 10 } },
    });
  });
});

async function until(done: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!done()) {
    if (Date.now() > end) throw new Error(`It did not come to be: ${done}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
