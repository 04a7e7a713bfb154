import assert from 'node:assert/strict';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { after, before, it } from 'node:test';
import { type Component, testStores, until } from '../../../test/testkit/index.ts';
import type { Ports } from '../store/index.ts';
import { draft, seller, startCatalogue, stopCatalogue, UPSERT } from './harness.ts';

/** A way to the database that can be cut: no process has to die for it. */
async function openLine({ hostname, port }: URL) {
  const sockets = new Set<Socket>();
  let isCut = false;
  const server = createServer((inward) => {
    if (isCut) return void inward.destroy();
    const outward = connect(Number(port), hostname);
    for (const [socket, other] of [
      [inward, outward],
      [outward, inward],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    inward.pipe(outward).pipe(inward);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    set cut(cut: boolean) {
      isCut = cut;
      if (cut) for (const socket of sockets) socket.destroy();
    },
    close: () => server.close(),
  };
}

let line: Awaited<ReturnType<typeof openLine>>;
let shop: Component<Ports>;
before(async () => {
  const target = new URL((await testStores()).MONGODB_URL);
  line = await openLine(target);
  target.port = String(line.port);
  shop = await startCatalogue(6, undefined, target);
});
after(async () => {
  line.cut = false;
  if (shop) await stopCatalogue(shop);
  line.close();
});

const BROWSE = '{ categories { name } products(first: 3) { nodes { title variants { sku } } } }';
const upsert = async () => (await shop.run(UPSERT, { input: draft() }, seller)).data.upsertProduct;

it('while MongoDB is away cached pages are shown, others and changes are refused, and then all goes on', async () => {
  await shop.run(BROWSE);
  const warm = await shop.run(BROWSE);
  line.cut = true;
  assert.deepEqual(await shop.run(BROWSE), warm);

  const [cold, refused] = await Promise.all([
    shop.run('{ product(slug: "never-asked-for") { title } }'),
    upsert(),
  ]);
  assert.equal(cold.errors?.[0].extensions.code, 'UNAVAILABLE');
  assert.deepEqual([refused.product, refused.errors[0].__typename], [null, 'Unavailable']);
  assert.equal(await shop.subgraph.ready(), false);

  line.cut = false;
  const accepted = await until(
    async () => {
      const answer = await upsert();
      return answer.errors.length === 0 ? answer : undefined;
    },
    { ms: 20_000, what: 'a change after the outage' },
  );
  assert.equal(
    (await shop.run('{ products(first: 1) { nodes { id } } }')).data.products.nodes[0].id,
    accepted.product.id,
  );
  await until(() => shop.bus.published.find(({ subject }) => subject === accepted.product.id), {
    ms: 10_000,
    what: 'its event',
  });
});
