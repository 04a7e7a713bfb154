import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '@aisle/platform/log';
import { WebSocket } from 'ws';
import { until } from '../../test/testkit/until.ts';
import { post, testRouter } from './test/test-router.ts';

const TRACE = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

test('each operation is a line of the log, whichever way it came: name, hash, cost, outcome, request and trace', async () => {
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (line: string) => lines.push(JSON.parse(line)) };
  const router = await testRouter({ log: createLog('router', { level: 'debug', destination }) });
  const lineOf = (name: string) =>
    until(() => lines.find(({ msg, operation }) => msg === 'operation' && operation === name));

  const headers = { 'x-request-id': 'request-of-a-client', traceparent: TRACE };
  await post(router, { query: 'query Posted { product(id: 1) { title } }' }, headers);
  const { hash, cost, seconds, ...posted } = await lineOf('Posted');
  assert.match(String(hash), /^[0-9a-f]{64}$/);
  assert.ok(Number(cost) > 0 && Number(seconds) > 0);
  assert.deepEqual(
    [posted.kind, posted.outcome, posted.requestId, posted.traceparent],
    ['query', 'ok', 'request-of-a-client', TRACE],
  );
  await post(router, { query: 'query Failing { fails }' });
  const failed = await lineOf('Failing');
  assert.deepEqual([failed.outcome, failed.level], ['errors', 30]);

  const socket = new WebSocket(router.url.replace('http', 'ws'), 'graphql-transport-ws');
  const send = (message: object) => socket.send(JSON.stringify(message));
  socket.on('open', () => send({ type: 'connection_init' }));
  socket.on('message', (data) => {
    if (JSON.parse(String(data)).type !== 'connection_ack') return;
    for (const query of [
      'query Socket { product(id: 1) { title } }',
      'subscription Live { ticks(to: 1) { n } }',
    ])
      send({ type: 'subscribe', id: query.slice(0, 5), payload: { query } });
  });
  assert.equal((await lineOf('Socket')).outcome, 'ok');
  assert.equal((await lineOf('Live')).kind, 'subscription');
  socket.terminate();
  await router.stop();
});
