import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { SetupError } from '../errors.ts';
import { startPsp } from '../run/psp.ts';
import { freePort } from './process.ts';
import { startSqs } from './sqs.ts';

/** A server, but not the one that was meant. */
let stranger: Server;
let url: string;
before(async () => {
  stranger = createServer((_, response) =>
    response.writeHead(404, { 'content-type': 'text/html' }).end('<p>No'),
  );
  await new Promise<void>((done) => stranger.listen(0, '127.0.0.1', done));
  url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
});
after(() => stranger.close());

const sqs = (env: NodeJS.ProcessEnv) => startSqs({ home: '/nowhere', cache: '/nowhere', env, log: () => {} });
const psp = (given: NodeJS.ProcessEnv) =>
  startPsp({ home: '/nowhere', elsewhere: '', given, secrets: {}, webhookUrl: 'http://127.0.0.1/' });
const sentence = (pattern: RegExp) => (error: unknown) =>
  error instanceof SetupError && pattern.test(error.message) && !error.message.includes('\n');

test('an address that another kind of server answers at is refused in one sentence', async () => {
  await assert.rejects(
    sqs({ AWS_ENDPOINT_URL: url }),
    sentence(/^SNS\/SQS at http:.* \(AWS_ENDPOINT_URL\) cannot be used: .*[^.]\.$/),
  );
});

test('addresses that nobody answers at say why', async () => {
  const nobody = `http://127.0.0.1:${await freePort()}`;
  await assert.rejects(sqs({ AWS_ENDPOINT_URL: nobody }), sentence(/cannot be reached: .*ECONNREFUSED/));
  await assert.rejects(
    psp({ STRIPE_API_URL: nobody }),
    sentence(/STRIPE_API_URL\) cannot be reached: .*ECONN/),
  );
});

test('what is no address of HTTP is refused by name', async () => {
  for (const wrong of ['foo', 'ftp://127.0.0.1:21', 'http://']) {
    await assert.rejects(sqs({ AWS_ENDPOINT_URL: wrong }), sentence(/^AWS_ENDPOINT_URL must be an address/));
    await assert.rejects(psp({ STRIPE_API_URL: wrong }), sentence(/^STRIPE_API_URL must be an address/));
  }
  await assert.rejects(
    sqs({ AISLE_AWS: 'yes' }),
    sentence(/^AISLE_AWS must be "real" or unset and is "yes"/),
  );
});

test('a payment provider that answers is taken', async () => {
  assert.deepEqual((await psp({ STRIPE_API_URL: url })).env, { STRIPE_API_URL: url });
});
