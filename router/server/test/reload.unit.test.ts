import assert from 'node:assert/strict';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import type { RunningRouter } from '../index.ts';
import { codeOf, post, testHosts, testRouter, testSupergraph } from './test-router.ts';

/** The same graph, with another description: another supergraph to the router. */
const changed = testSupergraph.replace('type Tick', '"""A tick."""\ntype Tick');
const without = testSupergraph.replace(/^ {2}forbidden: String.*\n/m, '');

async function until(done: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 5000;
  while (!(await done())) {
    if (Date.now() > end) throw new Error('It did not come to be.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
const idOf = async (router: RunningRouter) =>
  ((await (await fetch(router.url.replace('/graphql', '/health'))).json()) as { supergraph: string })
    .supergraph;

describe('hot reload', () => {
  it('drops no request under load, and old engines go', async () => {
    const router = await testRouter();
    const query = 'query ($ms: Int!) { slow(ms: $ms) product(id: "1") { title stock } }';
    let sent = 0;
    let over = false;
    const client = async () => {
      while (!over) {
        const { status, body } = await post(router, { query, variables: { ms: sent++ % 20 } });
        assert.equal(status, 200);
        assert.deepEqual(body, { data: { slow: 'at last', product: { title: 'Oat milk', stock: 10 } } });
      }
    };
    try {
      const clients = Array.from({ length: 8 }, client);
      for (let i = 0; i < 6; i++) {
        const before = sent;
        await router.reload({ sdl: i % 2 ? testSupergraph : changed });
        await until(() => sent >= before + 10);
      }
      over = true;
      await Promise.all(clients);
      assert.ok(sent >= 60);
      assert.equal(router.meter.value('aisle_router_reloads_total', { outcome: 'ok' }), 6);
    } finally {
      over = true;
      await router.stop();
    }
  });

  it('goes on answering while the next supergraph is read and its plans are made', async () => {
    const router = await testRouter();
    try {
      for (let n = 0; n < 60; n++)
        await post(router, { query: `{ product(id: 1) { title stock a${n}: title } }` });
      let answered = 0;
      let over = false;
      const reloading = router.reload({ sdl: changed }).then(() => {
        over = true;
      });
      while (!over) {
        assert.equal((await post(router, { query: '{ product(id: 1) { stock } }' })).status, 200);
        if (!over) answered++;
      }
      await reloading;
      assert.ok(answered >= 5, `${answered} were answered meanwhile`);
      assert.equal(router.meter.value('aisle_router_plans_total', { outcome: 'planned' }), 122);
    } finally {
      await router.stop();
    }
  });

  it('serves the new schema from then on', async () => {
    const router = await testRouter();
    try {
      assert.equal(codeOf(await post(router, { query: '{ forbidden }' })), 'FORBIDDEN');
      await router.reload({ sdl: without });
      assert.equal(codeOf(await post(router, { query: '{ forbidden }' })), 'GRAPHQL_VALIDATION_FAILED');
    } finally {
      await router.stop();
    }
  });

  it('keeps the old one when the new one is broken, and says so', async () => {
    const router = await testRouter();
    try {
      const before = await idOf(router);
      for (const sdl of ['', 'type Query { a: String }', testSupergraph.slice(0, 3000)])
        await assert.rejects(router.reload({ sdl }), /cannot be served/);
      assert.equal(await idOf(router), before);
      assert.equal((await post(router, { query: '{ __typename }' })).status, 200);
      assert.equal(router.meter.value('aisle_router_reloads_total', { outcome: 'failed' }), 3);
    } finally {
      await router.stop();
    }
  });

  it('lets subscriptions live through it', async () => {
    const router = await testRouter();
    try {
      const response = await fetch(router.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify({ query: 'subscription { ticks(to: 20, everyMs: 20) { n } }' }),
      });
      await router.reload({ sdl: changed });
      assert.equal((await response.text()).match(/event: next/g)?.length, 20);
    } finally {
      await router.stop();
    }
  });

  it('follows the file, also when it is replaced by renaming', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'aisle-reload-'));
    const file = join(folder, 'supergraph.graphql');
    await writeFile(file, testSupergraph);
    const router = await testRouter({ supergraph: { file }, watch: true });
    try {
      const before = await idOf(router);
      await writeFile(`${file}.new`, changed);
      await rename(`${file}.new`, file);
      await until(async () => (await idOf(router)) !== before);
    } finally {
      await router.stop();
      await rm(folder, { recursive: true });
    }
  });

  it('changes limits and traffic rules for the next request', async () => {
    const router = await testRouter();
    const deep = { query: '{ node { node { node { id } } } }' };
    try {
      assert.equal((await post(router, deep)).status, 200);
      await router.reconfigure({ limits: { depth: 3 } });
      assert.equal(codeOf(await post(router, deep)), 'LIMIT_DEPTH');
      await router.reconfigure({ traffic: { rateLimit: { capacity: 1, perSecond: 0.1 } } });
      assert.equal((await post(router, deep)).status, 200);
      assert.equal((await post(router, deep)).status, 429);
      await router.reconfigure({});
      assert.equal((await post(router, deep)).status, 200);
    } finally {
      await router.stop();
    }
  });

  it('leaves everything as it is when the supergraph cannot be served under what is new', async () => {
    const { inventory: _, ...hosts } = testHosts;
    const router = await testRouter({ hosts });
    const deep = { query: '{ node { node { node { id } } } }' };
    const before = await idOf(router);
    try {
      await assert.rejects(
        router.reconfigure({
          limits: { depth: 3 },
          traffic: { rateLimit: { capacity: 1, perSecond: 0.1 } },
          routingUrls: { inventory: 'nowhere' },
        }),
        /no usable routing URL for the subgraph/,
      );
      for (let n = 0; n < 3; n++) assert.equal((await post(router, deep)).status, 200);
      assert.equal(await idOf(router), before);
      assert.equal(router.meter.value('aisle_router_reloads_total', { outcome: 'failed' }), 1);
    } finally {
      await router.stop();
    }
  });
});
