import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { createClient } from 'redis';
import { freePort, temporaryFolder, until } from '../../../test/testkit/index.ts';
import { confirm, type Harness, reserve, startInventory, stockOf } from './harness.ts';

/** A Redis of its own, because it is killed. `save` decides whether it comes back with what it knew. */
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let port: number;
let server: ChildProcess;
let harness: Harness;

async function startRedis(): Promise<void> {
  server = spawn(
    'redis-server',
    ['--port', String(port), '--dir', folder.path, '--save', '', '--appendonly', 'no', '--bind', '127.0.0.1'],
    { stdio: 'ignore' },
  );
  const client = createClient({ url: `redis://127.0.0.1:${port}`, socket: { reconnectStrategy: () => 20 } });
  client.on('error', () => {});
  await client.connect();
  await until(async () => (await client.ping()) === 'PONG');
  client.destroy();
}
async function kill(): Promise<void> {
  server.kill('SIGKILL');
  await once(server, 'exit');
}

before(async () => {
  folder = await temporaryFolder();
  port = await freePort();
  await startRedis();
  harness = await startInventory({ env: { REDIS_URL: `redis://127.0.0.1:${port}` } });
});
after(async () => {
  await harness.stop();
  await kill();
  await folder[Symbol.asyncDispose]();
});

const isLive = (sku: string) =>
  until(async () => (await stockOf(harness, sku)).live, { ms: 15_000, what: 'live stock' });

test('Redis is killed: reads come from the ledger, reservations are refused, and after its return all sales are there', async () => {
  const sku = 'sku_killed';
  await harness.stock(sku, 10);
  await reserve(harness, 'ord_us_killed1', [{ sku, quantity: 4 }]);
  assert.equal((await confirm(harness, 'ord_us_killed1')).confirmed, true);
  await kill();
  await until(async () => (await stockOf(harness, sku)).live === false, { ms: 10_000 });
  assert.deepEqual(await stockOf(harness, sku), { available: 6, onHand: 10, held: 0, sold: 4, live: false });
  assert.deepEqual((await reserve(harness, 'ord_us_killed2', [{ sku, quantity: 1 }])).codes, ['UNAVAILABLE']);
  await startRedis();
  await isLive(sku);
  assert.deepEqual(await stockOf(harness, sku), { available: 6, onHand: 10, held: 0, sold: 4, live: true });
});

test('Redis comes back with an older state: what differs from the ledger is restored before anything is sold', async () => {
  const sku = 'sku_older';
  await harness.stock(sku, 10);
  const { redis } = harness.ports.live;
  await redis.sendCommand(['SAVE']);
  await reserve(harness, 'ord_us_older1', [{ sku, quantity: 10 }]);
  assert.equal((await confirm(harness, 'ord_us_older1')).confirmed, true);
  await kill();
  await startRedis();
  await until(() => redis.isReady, { ms: 10_000 });
  await until(
    async () =>
      (await reserve(harness, 'ord_us_older2', [{ sku, quantity: 1 }])).codes[0] === 'INSUFFICIENT_STOCK',
    { ms: 15_000 },
  );
  await isLive(sku);
  assert.deepEqual(await stockOf(harness, sku), { available: 0, onHand: 10, held: 0, sold: 10, live: true });
});

test('a comparison without a difference restores nothing, under traffic too', async () => {
  const sku = 'sku_busy';
  await harness.stock(sku, 200);
  let stop = false;
  const buyer = async (n: number) => {
    for (let round = 0; !stop; round++) {
      const id = `ord_us_busy${n}x${round}`;
      await reserve(harness, id, [{ sku, quantity: 1 }]);
      await confirm(harness, id);
    }
  };
  const buyers = [0, 1, 2].map(buyer);
  for (let i = 0; i < 3; i++) assert.equal(await harness.ports.verify(), 0);
  stop = true;
  await Promise.all(buyers);
  assert.equal((await stockOf(harness, sku)).live, true);
});

test('who follows a variant while Redis is killed is told where it stands, and what happens next', async () => {
  const sku = 'sku_followed';
  await harness.stock(sku, 10);
  const query =
    'subscription ($skus: [ID!]!) { stockChanged(skus: $skus, region: US) { kind stock { available onHand held sold } } }';
  const follower = await harness.subscribe(query, { skus: [sku] });
  const next = async () => JSON.parse(JSON.stringify((await follower.next()).value)).data.stockChanged;
  await reserve(harness, 'ord_us_followed1', [{ sku, quantity: 4 }]);
  assert.equal((await next()).kind, 'HELD');
  await kill();
  await startRedis();
  await isLive(sku);
  const told = await next();
  assert.deepEqual([told.kind, told.stock], ['RESYNC', { available: 10, onHand: 10, held: 0, sold: 0 }]);
  await reserve(harness, 'ord_us_followed2', [{ sku, quantity: 1 }]);
  let change = await next();
  while (change.kind === 'RESYNC') change = await next();
  assert.deepEqual([change.kind, change.stock.available], ['HELD', 9]);
  await follower.return?.();
});
