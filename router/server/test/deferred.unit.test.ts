import assert from 'node:assert/strict';
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

  async function parts(accept: string) {
    const headers = { 'content-type': 'application/json', accept };
    const response = await fetch(router.url, { method: 'POST', headers, body: JSON.stringify({ query }) });
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

  it('comes in the present format', async () => {
    const all = await parts('multipart/mixed;incrementalSpec=v0.2, application/json');
    assert.deepEqual(all[0].data, { product: { title: 'Oat milk' } });
    const later = all.slice(1);
    const [pending] = all.flatMap((part) => part.pending ?? []);
    assert.deepEqual({ ...pending, id: '' }, { id: '', path: ['product'], label: 'later' });
    const [incremental] = later.flatMap((part) => part.incremental ?? []);
    assert.deepEqual(incremental, { id: pending.id, data: { stock: 10 } });
    assert.deepEqual(
      later.flatMap((part) => part.completed ?? []),
      [{ id: pending.id }],
    );
    assert.equal(all.at(-1).hasNext, false);
  });

  it('is answered at once to who takes no parts', async () => {
    assert.deepEqual((await post(router, { query })).body, {
      data: { product: { title: 'Oat milk', stock: 10 } },
    });
  });
});
