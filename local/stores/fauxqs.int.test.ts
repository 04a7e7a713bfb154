import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { freePort, temporaryFolder, until } from '../../test/testkit/index.ts';
import { reach } from './reach.ts';

const SERVER = fileURLToPath(new URL('sqs-server.ts', import.meta.url));

async function start(data: string, port: number) {
  const child = spawn(process.execPath, [SERVER, data, String(port), 'us-east-1'], { stdio: 'ignore' });
  await until(() => reach(`http://127.0.0.1:${port}/health`).then(() => true), {
    ms: 20_000,
    what: 'the server',
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SQSClient({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials });
  return { child, client };
}

test('a message outlives kill -9, and its queue follows the server to another port', async () => {
  await using folder = await temporaryFolder();
  const first = await start(folder.path, await freePort());
  const { QueueUrl } = await first.client.send(new CreateQueueCommand({ QueueName: 'orders' }));
  await first.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'apples' }));
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const port = await freePort();
  const second = await start(folder.path, port);
  const moved = await second.client.send(new GetQueueUrlCommand({ QueueName: 'orders' }));
  assert.equal(new URL(moved.QueueUrl ?? '').port, String(port));
  const { Messages } = await second.client.send(new ReceiveMessageCommand({ QueueUrl: moved.QueueUrl }));
  assert.equal(Messages?.[0]?.Body, 'apples');
  second.child.kill('SIGTERM');
  assert.deepEqual(await once(second.child, 'exit'), [0, null]);
});

test('nothing outside the machine reaches it', async (t) => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address && !address.internal && address.family === 'IPv4')?.address;
  if (!outside) return t.skip('this machine has no other address');
  await using folder = await temporaryFolder();
  const port = await freePort();
  const { child } = await start(folder.path, port);
  await assert.rejects(reach(`http://${outside}:${port}/health`));
  child.kill('SIGTERM');
  await once(child, 'exit');
});
