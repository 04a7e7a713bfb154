import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import type { RunningHttpServer } from '../../../platform/service/index.ts';
import type { Component } from '../../../test/testkit/index.ts';
import type { Ports } from '../store/index.ts';
import { startCatalogue, stopCatalogue } from './harness.ts';

let shop: Component<Ports>;
let server: RunningHttpServer;
before(async () => {
  shop = await startCatalogue(2, (n) => (n === 0 ? { title: 'Barolli <b>&</b> "Sons"' } : {}));
  server = await shop.subgraph.listen({ port: 0, envelopeKey: 'k'.repeat(32) });
});
after(() => stopCatalogue(shop));

const get = (path: string, init?: RequestInit) => fetch(new URL(path, server.url), init);

it('a picture is served under its address, safe and cacheable for ever', async () => {
  const { data } = await shop.run('{ product(id: "prd_0000") { media { url } } }');
  const answer = await get(data.product.media[1].url);
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get('content-type') ?? '', /^image\/svg\+xml/);
  assert.match(answer.headers.get('cache-control') ?? '', /max-age=31536000, immutable/);
  assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/);
  const svg = await answer.text();
  assert.match(svg, /^<svg .*× 2.*<\/svg>$/s);
  assert.ok(svg.includes('&lt;b&gt;&amp;&lt;/b&gt; &quot;Sons&quot;'), 'titles are text, not markup');
});

it('without its version it is to be asked for again, which costs nothing while it is the same', async () => {
  const first = await get('/media/med_0001a.svg');
  assert.match(first.headers.get('cache-control') ?? '', /must-revalidate/);
  const etag = first.headers.get('etag') ?? '';
  await first.arrayBuffer();
  const again = await get('/media/med_0001a.svg', { headers: { 'if-none-match': `"other", ${etag}` } });
  assert.deepEqual([again.status, await again.text()], [304, '']);
  const head = await get('/media/med_0001a.svg', { method: 'HEAD' });
  assert.deepEqual(
    [head.status, Number(head.headers.get('content-length')) > 500, await head.text()],
    [200, true, ''],
  );
});

it('what is no picture is not found', async () => {
  for (const path of [
    '/media/med_9999x.svg',
    '/media/',
    '/media/..%2f..%2fetc%2fpasswd',
    '/media/med_0001a.png',
    '/media/sku_0001a.svg',
  ])
    assert.equal((await get(path)).status, 404, path);
});
