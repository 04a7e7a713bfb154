import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { freePort, temporaryFolder, until } from '../../test/testkit/index.ts';
import { reach } from './reach.ts';

const SERVER = fileURLToPath(new URL('sqs-server.ts', import.meta.url));

async function start(t: TestContext, data: string, port: number) {
  const child = spawn(process.execPath, [SERVER, data, String(port), 'us-east-1'], { stdio: 'ignore' });
  t.after(() => child.kill('SIGKILL'));
  await until(() => reach(`http://127.0.0.1:${port}/health`).then(() => true), {
    ms: 20_000,
    what: 'the server',
  });
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new SQSClient({ endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', credentials });
  return { child, client };
}

test('a message outlives kill -9, and its queue follows the server to another port', async (t) => {
  await using folder = await temporaryFolder();
  const first = await start(t, folder.path, await freePort());
  const { QueueUrl } = await first.client.send(new CreateQueueCommand({ QueueName: 'orders' }));
  await first.client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'apples' }));
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const port = await freePort();
  const second = await start(t, folder.path, port);
  const moved = await second.client.send(new GetQueueUrlCommand({ QueueName: 'orders' }));
  assert.equal(new URL(moved.QueueUrl ?? '').port, String(port));
  const { Messages } = await second.client.send(new ReceiveMessageCommand({ QueueUrl: moved.QueueUrl }));
  assert.equal(Messages?.[0]?.Body, 'apples');
  second.child.kill('SIGTERM');
  assert.deepEqual(await once(second.child, 'exit'), [0, null]);
});

test('a message that is given back at once comes again, and at last is a dead letter, after a restart too', async (t) => {
  await using folder = await temporaryFolder();
  const first = await start(t, folder.path, await freePort());
  const send = first.client.send.bind(first.client);
  const { QueueUrl: dead } = await send(new CreateQueueCommand({ QueueName: 'orders-dlq' }));
  const { Attributes } = await send(
    new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['QueueArn'] }),
  );
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: 3 });
  const { QueueUrl } = await send(
    new CreateQueueCommand({ QueueName: 'orders', Attributes: { RedrivePolicy } }),
  );
  await send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
  for (let tries = 0; tries < 3; tries++) {
    const { Messages } = await send(new ReceiveMessageCommand({ QueueUrl }));
    const ReceiptHandle = Messages?.[0]?.ReceiptHandle;
    assert.ok(ReceiptHandle, `try ${tries}`);
    await send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
  }
  assert.equal((await send(new ReceiveMessageCommand({ QueueUrl }))).Messages, undefined);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const { child, client } = await start(t, folder.path, await freePort());
  const moved = await client.send(new GetQueueUrlCommand({ QueueName: 'orders-dlq' }));
  const { Messages } = await client.send(new ReceiveMessageCommand({ QueueUrl: moved.QueueUrl }));
  assert.equal(Messages?.[0]?.Body, 'poison');
  child.kill('SIGTERM');
  await once(child, 'exit');
});

test('nothing outside the machine reaches it', async (t) => {
  const outside = Object.values(networkInterfaces())
    .flat()
    .find((address) => address && !address.internal && address.family === 'IPv4')?.address;
  if (!outside) return t.skip('this machine has no other address');
  await using folder = await temporaryFolder();
  const port = await freePort();
  const { child } = await start(t, folder.path, port);
  await assert.rejects(reach(`http://${outside}:${port}/health`));
  child.kill('SIGTERM');
  await once(child, 'exit');
});
