import assert from 'node:assert/strict';
import { after, before, it } from 'node:test';
import { anonymous, service } from '@aisle/platform/identity';
import { openMongo } from '@aisle/platform/stores';
import { type Component, until } from '../../../test/testkit/index.ts';
import type { Ports } from '../store/index.ts';
import { product, startCatalogue, stopCatalogue } from './harness.ts';

let shop: Component<Ports>;
/** Collections that commands went to since they were last looked at. */
let touched: string[] = [];
before(async () => {
  // Seeding has emptied the caches: they are cold.
  shop = await startCatalogue(30);
  const { client } = await shop.subgraph.platform.mongo();
  client.on('commandStarted', ({ commandName, command }) => {
    if (['find', 'aggregate', 'count', 'distinct'].includes(commandName))
      touched.push(`${commandName} ${command[commandName]}`);
  });
});
after(() => stopCatalogue(shop));

const BROWSE = `{ categories { name children { name } } category(slug: "pantry") { products(first: 5) { nodes { title } } }
  products(first: 10, sort: TITLE, filter: { dietary: [VEGAN] }) { nodes { title brand { name } category { path { name } } seller { id }
    variants { sku label title image { url } } } pageInfo { hasNextPage endCursor } }
  product(slug: "product-03") { title } variant(sku: "sku_0004b") { product { title } } brands { nodes { name } } }`;
const CHECKOUT = 'query ($skus: [ID!]!) { variantSnapshots(skus: $skus) { sku title withdrawn } }';
const skus = ['sku_0001a', 'sku_0002b', 'sku_0029a'];

async function browseAndBuy(): Promise<unknown[]> {
  const browsed = await shop.run(BROWSE, {}, anonymous());
  const bought = await shop.run(CHECKOUT, { skus }, service('orders'));
  assert.deepEqual([browsed.errors, bought.errors], [undefined, undefined]);
  return [browsed.data, bought.data];
}
/** Reads of the catalogue's own collections; the outbox relay looks after itself on its own time. */
const reads = () => touched.filter((command) => /products|categories|brands/.test(command));

it('a browse and a checkout on a warm cache do not touch MongoDB at all', async () => {
  const cold = await browseAndBuy();
  assert.ok(reads().length > 0, 'the first ones do');
  // The change stream still tells of the seeding for a moment: warm is when a while has passed without a read.
  let quiet = 0;
  await until(
    async () => {
      touched = [];
      await browseAndBuy();
      quiet = reads().length === 0 ? quiet + 1 : 0;
      return quiet >= 15;
    },
    { every: 40, ms: 10_000, what: 'a warm cache' },
  );
  const before = shop.ports.reads.stats();
  for (let i = 0; i < 20; i++) assert.deepEqual(await browseAndBuy(), cold);
  assert.deepEqual(reads(), []);
  const stats = shop.ports.reads.stats();
  for (const kind of ['products', 'lists', 'skus', 'slugs', 'categories', 'brands']) {
    assert.equal(stats[kind]!.misses, before[kind]!.misses, kind);
    assert.ok(stats[kind]!.hits > before[kind]!.hits, kind);
  }
  assert.match(shop.meter.render(), /cache_catalogue_products\{outcome="hits"\} \d+/);
});

it('past its time everything is served at once and read anew beside', async () => {
  const before = await browseAndBuy();
  touched = [];
  shop.clock.advance(31 * 60_000);
  assert.deepEqual(await browseAndBuy(), before);
  assert.ok(shop.ports.reads.stats().lists!.stale + shop.ports.reads.stats().categories!.stale > 0);
  await until(() => reads().includes('find products') && reads().includes('find categories'), {
    what: 'a refresh',
  });
});

it('what another process changes is seen through the change stream', async () => {
  await browseAndBuy();
  const { platform } = shop.subgraph;
  const other = await openMongo(shop.env.MONGODB_URL, platform.name);
  try {
    const title = async () =>
      (await shop.run('{ product(slug: "product-03") { title } }')).data.product.title;
    assert.equal(await title(), product(3).title);
    await other.db
      .collection<{ _id: string }>('products')
      .updateOne({ _id: 'prd_0003' }, { $set: { title: 'Changed elsewhere', version: 2 } });
    await until(async () => (await title()) === 'Changed elsewhere', { ms: 8_000, what: 'the change' });
  } finally {
    await other.close();
  }
});

it('a crowd on a cold cache reads each thing once', async () => {
  shop.ports.reads.changed();
  touched = [];
  await Promise.all(Array.from({ length: 50 }, () => shop.run('{ products(first: 7) { nodes { id } } }')));
  assert.deepEqual(
    reads(),
    ['find categories', 'find brands', 'find products'].sort(
      (a, b) => reads().indexOf(a) - reads().indexOf(b),
    ),
  );
});
