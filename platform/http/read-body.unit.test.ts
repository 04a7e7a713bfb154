import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { BodyError, readBody } from './index.ts';

const MOST = 8;

/** A server that answers with what it read, or with the problem it had; and what it read last. */
async function serve(t: TestContext): Promise<{ port: number; outcomes: string[] }> {
  const outcomes: string[] = [];
  const server = createServer((incoming, response) => {
    readBody(incoming, MOST)
      .then(String, (error: unknown) => (error instanceof BodyError ? error.problem : String(error)))
      .then((outcome) => {
        outcomes.push(outcome);
        response.writeHead(200, { connection: 'close' }).end(outcome);
      });
  }).listen(0, '127.0.0.1');
  t.after(() => server.close());
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, outcomes };
}

/** Sends the parts one by one, so without a length announced. */
async function post(port: number, ...parts: string[]): Promise<string> {
  const outgoing = request({ port, host: '127.0.0.1', method: 'POST' });
  outgoing.on('error', () => {});
  for (const part of parts) outgoing.write(part);
  outgoing.end();
  const [response] = await once(outgoing, 'response');
  return (await response.setEncoding('utf8').toArray()).join('');
}

test('a body comes whole, in however many parts, and may be empty', async (t) => {
  const { port } = await serve(t);
  assert.equal(await post(port, '1234', '5678'), '12345678');
  assert.equal(await post(port), '');
});

test('one byte too many is answered, whether it was announced or not', async (t) => {
  const { port } = await serve(t);
  assert.equal(await post(port, '12345678', '9'), 'too-large');
  const announced = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    headers: { 'content-length': MOST + 1 },
  });
  announced.flushHeaders();
  const [response] = await once(announced, 'response');
  assert.equal((await response.setEncoding('utf8').toArray()).join(''), 'too-large');
  announced.on('error', () => {}).destroy();
});

test('a client that goes away before the end is an error, not half a body', { timeout: 5_000 }, async (t) => {
  const { port, outcomes } = await serve(t);
  const socket = connect(port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 8\r\n\r\n1234');
  await new Promise((resolve) => socket.once('ready', resolve));
  socket.end();
  await once(socket.resume(), 'close');
  assert.deepEqual(outcomes, ['cut-off']);
});
