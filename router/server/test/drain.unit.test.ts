import assert from 'node:assert/strict';
import { request } from 'node:http';
import { test } from 'node:test';
import { Pool } from 'undici';
import { codeOf, post, testRouter } from './test-router.ts';

const body = JSON.stringify({ query: '{ product(id: 1) { title stock } }' });
const headers = { 'content-type': 'application/json' };

test('a router that stops says so first, serves on for a while, and drops nothing', async () => {
  const router = await testRouter({ drainDelay: 400 });
  const { origin, pathname: path } = new URL(router.url);
  const pool = new Pool(origin, { connections: 8 });
  let answered = 0;
  /** One connection's worth of requests; goes elsewhere when it is told to, as a load balancer does. */
  const client = async () => {
    for (;;) {
      const response = await pool.request({ path, method: 'POST', headers, body });
      await response.body.text();
      assert.equal(response.statusCode, 200);
      answered++;
      if (response.headers.connection === 'close') return;
    }
  };
  const clients = Array.from({ length: 8 }, client);
  const slow = post(router, { query: '{ slow(ms: 900) }' });
  while (answered < 50) await new Promise((resolve) => setImmediate(resolve));
  const stopped = router.stop();
  assert.equal((await fetch(router.url.replace('/graphql', '/health/ready'))).status, 503);
  assert.equal((await fetch(router.url.replace('/graphql', '/health/live'))).status, 200);
  assert.equal((await post(router, body)).status, 200, 'whoever has not noticed yet is served');
  await Promise.all(clients);
  await new Promise((resolve) => setTimeout(resolve, 400));
  assert.equal(codeOf(await post(router, body)), 'SHUTTING_DOWN', 'after that it takes nothing new');
  const { status, body: late } = await slow;
  assert.deepEqual([status, late], [200, { data: { slow: 'at last' } }]);
  await stopped;
  await pool.destroy();
  await assert.rejects(
    new Promise((_, reject) => request(router.url).on('error', reject).end()),
    /ECONNREFUSED/,
  );
});

test('a stop waits for no reload', async () => {
  const router = await testRouter();
  const reloading = router.reload();
  await router.stop();
  await reloading;
});
