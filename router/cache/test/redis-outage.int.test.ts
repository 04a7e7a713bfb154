import assert from 'node:assert/strict';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { silentLog } from '@aisle/platform/log';
import { testStores, until } from '../../../test/testkit/index.ts';
import { type CacheStore, openRedisStore } from '../index.ts';
import { cachedGraph } from './cached-graph.ts';
import { shop } from './shop.ts';

const LIST = '{ products { title price } }';

/** The tests' Redis, at an address of its own that can be cut off. */
async function openWire(url: string) {
  const { hostname, port } = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((from) => {
    const to = connect(Number(port), hostname);
    for (const socket of [from, to]) {
      sockets.add(socket);
      socket
        .on('error', () => socket.destroy())
        .on('close', () => {
          sockets.delete(socket);
          from.destroy();
          to.destroy();
        });
    }
    from.pipe(to).pipe(from);
  });
  const listen = (at: number) => new Promise<void>((resolve) => server.listen(at, '127.0.0.1', resolve));
  await listen(0);
  const at = (server.address() as AddressInfo).port;
  const own = new URL(url);
  own.host = `127.0.0.1:${at}`;
  return {
    url: own.href,
    cut: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
    mend: () => listen(at),
  };
}

describe('Redis goes away and comes back', () => {
  let store: CacheStore;
  let wire: Awaited<ReturnType<typeof openWire>>;
  before(async () => {
    const { REDIS_URL: url } = await testStores();
    assert.ok(url);
    wire = await openWire(url);
    store = openRedisStore({
      url: wire.url,
      log: silentLog,
      prefix: `test:${process.pid}:${Math.random()}:`,
    });
    await until(() => store.lookup([]).then(Boolean, () => false));
  });
  after(async () => {
    await store.close();
    await wire.cut();
  });

  it('and answers come all the same', async () => {
    const { state, sdl, scripts } = shop();
    const { run, time, calls } = await cachedGraph(sdl, scripts, { store });
    const first = await run(LIST);
    assert.deepEqual(await run(LIST), first);
    assert.equal(calls.length, 2);
    state.version = 2;

    await wire.cut();
    const started = performance.now();
    for (let i = 0; i < 10; i++) assert.equal((await run(LIST)).data.products[0].title, '1 v2');
    assert.ok(performance.now() - started < 3_000);

    await wire.mend();
    await until(() => store.lookup([]).then(Boolean, () => false));
    time.now += 2_500;
    assert.equal((await run(LIST)).data.products[0].title, '1 v1');
  });
});
