import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import tls from 'node:tls';
import type { Exchange } from './connection.ts';
import { Pool } from './pool.ts';
import { requestText } from './request-text.ts';
import type { ParsedResponse } from './response-parser.ts';

const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';

interface Setting {
  readonly pool: Pool;
  readonly url: URL;
  /** The server's side of every connection so far. */
  readonly sockets: Socket[];
}

/** @param onRequest is called with each piece of a request as it comes, which is all of it here */
async function setUp(
  t: TestContext,
  onRequest: (socket: Socket, request: string) => void,
  options: { connections?: number; server?: Server; scheme?: string } = {},
): Promise<Setting> {
  const { connections = 4, server = createServer(), scheme = 'http' } = options;
  const sockets: Socket[] = [];
  server.on(scheme === 'http' ? 'connection' : 'secureConnection', (socket: Socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    socket.on('data', (bytes) => onRequest(socket, bytes.toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const url = new URL(`${scheme}://localhost:${(server.address() as AddressInfo).port}/graphql`);
  const pool = new Pool({ origin: url, connections, maxResponseBytes: 10_000 });
  t.after(() => {
    pool.close();
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { pool, url, sockets };
}

function ask({ pool, url }: Setting, body = '{}') {
  const { promise, resolve, reject } = Promise.withResolvers<ParsedResponse>();
  const exchange: Exchange = { request: requestText(url, {}, body), done: resolve, failed: reject };
  pool.run(exchange);
  return { exchange, answer: promise };
}

test('exchanges in turn share a connection; at once, each has its own', async (t) => {
  const setting = await setUp(t, (socket) => socket.write(OK));
  for (let times = 0; times < 5; times++) assert.equal((await ask(setting).answer).body, 'ok');
  assert.equal(setting.sockets.length, 1);
  await Promise.all(Array.from({ length: 20 }, () => ask(setting).answer));
  assert.equal(setting.sockets.length, 4);
});

test('the server that closes a connection between two requests costs nothing', async (t) => {
  const setting = await setUp(t, (socket) => socket.end(OK));
  for (let times = 0; times < 5; times++) {
    assert.equal((await ask(setting).answer).body, 'ok');
    // The end has arrived when the next connection is made.
    await new Promise((resolve) => setting.sockets.at(-1)?.once('close', resolve));
  }
  assert.equal(setting.sockets.length, 5);
});

test('a connection is left before the server says it will close it', async (t) => {
  const answer = 'HTTP/1.1 200 OK\r\nkeep-alive: timeout=1\r\ncontent-length: 2\r\n\r\nok';
  const setting = await setUp(t, (socket) => socket.write(answer));
  await ask(setting).answer;
  await ask(setting).answer;
  assert.equal(setting.sockets.length, 2);
});

test('one that is broken off fails its exchange alone, and those that wait go on', async (t) => {
  const setting = await setUp(
    t,
    (socket, request) => (request.endsWith('break') ? socket.resetAndDestroy() : socket.write(OK)),
    { connections: 1 },
  );
  const bad = ask(setting, 'break').answer;
  const good = [ask(setting).answer, ask(setting).answer];
  await assert.rejects(bad);
  for (const answer of good) assert.equal((await answer).status, 200);
});

test('what is given up while it waits is never sent; while it runs, its connection ends', async (t) => {
  const seen: string[] = [];
  const setting = await setUp(
    t,
    (socket, request) => {
      seen.push(request.slice(-5));
      if (!request.endsWith('never')) socket.write(OK);
    },
    { connections: 1 },
  );
  const running = ask(setting, 'never').exchange;
  const waiting = ask(setting, 'later').exchange;
  const last = ask(setting, 'final').answer;
  while (seen.length === 0) await new Promise((resolve) => setImmediate(resolve));
  setting.pool.abandon(waiting);
  setting.pool.abandon(running);
  assert.equal((await last).body, 'ok');
  assert.deepEqual(seen, ['never', 'final']);
});

test('bytes that nobody asked for end the connection', async (t) => {
  const setting = await setUp(t, (socket) => socket.write(`${OK}HTTP/1.1 200 OK\r\n`));
  assert.equal((await ask(setting).answer).body, 'ok');
  assert.equal((await ask(setting).answer).body, 'ok');
  assert.equal(setting.sockets.length, 2);
});

test('closing fails what runs and what waits', async (t) => {
  const setting = await setUp(t, () => {}, { connections: 1 });
  const answers = [ask(setting).answer, ask(setting).answer];
  const refused = Promise.all(answers.map((answer) => assert.rejects(answer, /closed/)));
  setting.pool.close();
  await refused;
  await assert.rejects(ask(setting).answer, /closed/);
});

test('a header cannot smuggle another one in', () => {
  const url = new URL('http://localhost/graphql');
  assert.throws(() => requestText(url, { 'x-a': 'b\r\nx-c: d' }, ''), /x-a cannot be sent/);
  assert.equal(
    requestText(new URL('http://[::1]:80/g?a=1'), { 'x-a': 'b' }, 'ü'),
    'POST /g?a=1 HTTP/1.1\r\nhost: [::1]\r\nx-a: b\r\ncontent-length: 2\r\n\r\nü',
  );
});

const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

test('over TLS, with a certificate that is known', { skip: !hasOpenssl && 'no openssl' }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'aisle-tls-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const file = (name: string) => join(folder, name);
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  const keys = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync(
    'openssl',
    ['req', '-x509', ...keys, ...subject, '-days', '2', '-keyout', file('key'), '-out', file('cert')],
    { stdio: 'ignore' },
  );
  const [key, cert] = [readFileSync(file('key')), readFileSync(file('cert'))];
  const setting = await setUp(t, (socket) => socket.write(OK), {
    server: tls.createServer({ key, cert }),
    scheme: 'https',
  });
  await assert.rejects(ask(setting).answer, { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  const known = tls.getCACertificates('default');
  tls.setDefaultCACertificates([...known, cert.toString()]);
  t.after(() => tls.setDefaultCACertificates(known));
  for (let times = 0; times < 3; times++) assert.equal((await ask(setting).answer).body, 'ok');
});
