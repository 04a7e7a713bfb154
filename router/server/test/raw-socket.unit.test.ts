import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { RunningRouter } from '../index.ts';
import { codeOf, post, testRouter } from './test-router.ts';

/** What no well-behaved HTTP client would send. */
describe('hostile connections', () => {
  let router: RunningRouter;
  before(async () => {
    router = await testRouter({ limits: { receiveTimeout: 300 } });
  });
  after(() => router.stop());

  /** Writes the pieces 100 ms apart and reads until the server closes. */
  function talk(pieces: readonly string[]): Promise<{ text: string; took: number }> {
    return new Promise((resolve, reject) => {
      const started = performance.now();
      const socket = connect(router.port, '127.0.0.1');
      let text = '';
      const queue = [...pieces];
      const beat = setInterval(() => {
        const piece = queue.shift();
        if (piece !== undefined && socket.writable) socket.write(piece);
      }, 100);
      socket.write(queue.shift() ?? '');
      const done = () => {
        clearInterval(beat);
        resolve({ text, took: performance.now() - started });
      };
      socket.on('data', (data) => {
        text += String(data);
      });
      socket.on('close', done);
      socket.on('error', (error: NodeJS.ErrnoException) =>
        error.code === 'ECONNRESET' || error.code === 'EPIPE' ? done() : reject(error),
      );
      setTimeout(() => socket.destroy(), 4000).unref();
    });
  }
  const head = (length: number) =>
    `POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

  it('closes a connection that sends its header a bit at a time', async () => {
    const { text, took } = await talk([
      'POST /graphql HTTP/1.1\r\n',
      ...Array.from({ length: 40 }, (_, i) => `x-${i}: 1\r\n`),
    ]);
    assert.match(text, /^HTTP\/1.1 408 /);
    assert.ok(took < 2500);
  });

  it('closes a connection that sends its body a bit at a time', async () => {
    const { text, took } = await talk([head(1000), ...Array.from({ length: 40 }, () => ' ')]);
    assert.match(text, /^HTTP\/1.1 408 /);
    assert.ok(took < 2500);
  });

  it('refuses a body that is not UTF-8, rather than change what it says', async () => {
    const body = Buffer.concat([
      Buffer.from('{"query":"{ __typename } #'),
      Buffer.from([0xff]),
      Buffer.from('"}'),
    ]);
    const response = await fetch(router.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    assert.equal(response.status, 400);
    assert.match(await response.text(), /BAD_REQUEST/);
  });

  it('takes a request that names the whole address', async () => {
    const body = '{"query":"{ __typename }"}';
    const lines = [
      `POST http://a/graphql HTTP/1.1`,
      'host: a',
      'content-type: application/json',
      'connection: close',
    ];
    const { text } = await talk([`${lines.join('\r\n')}\r\ncontent-length: ${body.length}\r\n\r\n${body}`]);
    assert.match(text, /^HTTP\/1.1 200 .*"__typename":"Query"/s);
  });

  it('refuses headers that are too large', async () => {
    const { text } = await talk([`GET /graphql HTTP/1.1\r\nhost: a\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`]);
    assert.match(text, /^HTTP\/1.1 431 /);
  });

  it('refuses too many headers, and does not just forget some', async () => {
    const many = Array.from({ length: 150 }, (_, i) => `x-${i}: 1\r\n`).join('');
    const { text } = await talk([
      `POST /graphql HTTP/1.1\r\nhost: a\r\n${many}content-type: application/json\r\ncontent-length: 0\r\n\r\n`,
    ]);
    assert.match(text, /^HTTP\/1.1 431 /);
  });

  it('refuses what is not HTTP', async () => {
    assert.match((await talk(['\x16\x03\x01 hello\r\n\r\n'])).text, /^HTTP\/1.1 400 /);
  });

  it('reads no further than the largest body, announced or not', async () => {
    const large = await post(
      router,
      JSON.stringify({ query: '{ __typename }', extensions: { pad: 'x'.repeat(300_000) } }),
    );
    assert.equal(large.status, 413);
    assert.equal(codeOf(large), 'LIMIT_BODY');
    const chunk = `${(65_536).toString(16)}\r\n${'x'.repeat(65_536)}\r\n`;
    const chunked =
      'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n';
    assert.match((await talk([chunked + chunk.repeat(6)])).text, /^HTTP\/1.1 413 /);
  });

  it('refuses a request whose length is said twice over', async () => {
    const { text } = await talk([
      'POST /graphql HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    ]);
    assert.match(text, /^HTTP\/1.1 400 /);
  });

  it('serves others meanwhile', async () => {
    const slow = Promise.all(Array.from({ length: 50 }, () => talk([head(1000)])));
    assert.equal((await post(router, { query: '{ __typename }' })).status, 200);
    await slow;
  });

  it('runs only so many operations at once, and says when to come again', async () => {
    const small = await testRouter({ limits: { concurrency: 2 } });
    try {
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => post(small, { query: '{ slow(ms: 200) }' })),
      );
      assert.equal(answers.filter((answer) => answer.status === 200).length, 2);
      const refused = answers.find((answer) => answer.status === 503);
      assert.ok(refused);
      assert.equal(codeOf(refused), 'OVERLOADED');
      assert.equal(refused.headers.get('retry-after'), '1');
    } finally {
      await small.stop();
    }
  });
});
