import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { type FreshStores, freshStores, until } from '../../test/testkit/index.ts';
import { silentLog } from '../log/index.ts';
import { createMeter } from '../telemetry/index.ts';
import {
  type AisleEvent,
  type Bus,
  createEvent,
  createMemoryBus,
  listDeadLetters,
  openSnsSqsBus,
  redriveDeadLetters,
  type Topology,
} from './index.ts';
import { openClients, queueName, queueUrl } from './sns-sqs.ts';

const topology: Topology = {
  producers: ['orders', 'payments'],
  consumers: [
    { name: 'notifier', wants: [{ producer: 'orders', types: ['OrderPlaced.v1'] }] },
    {
      name: 'analytics',
      wants: [
        { producer: 'orders', types: ['OrderPlaced.v1', 'OrderCancelled.v1'] },
        { producer: 'payments', types: ['Paid.v1'] },
      ],
    },
  ],
};
let nextSubject = 0;
const event = (type: string, producer = 'orders') =>
  createEvent(
    {
      type,
      producer,
      subject: `ord_eu_${nextSubject++}`,
      version: 1,
      region: 'eu',
      data: { note: 'größer ✓' },
    },
    Date.now(),
  );

let stores: FreshStores;
before(async () => {
  stores = await freshStores();
});
after(() => stores.drop());

const adapters: Record<string, () => Promise<Bus>> = {
  memory: async () => createMemoryBus(topology),
  'SNS and SQS': () =>
    openSnsSqsBus({
      env: { ...stores.env, AISLE_BUS_PREFIX: `t${nextSubject++}` },
      topology,
      log: silentLog,
      meter: createMeter(),
    }),
};

for (const [name, open] of Object.entries(adapters)) {
  describe(`bus contract: ${name}`, () => {
    test('a consumer gets the types it wants, whole, and no others', async () => {
      const bus = await open();
      const got: AisleEvent[] = [];
      const other: AisleEvent[] = [];
      bus.consume('notifier', async (e) => void got.push(e));
      bus.consume('analytics', async (e) => void other.push(e));
      const placed = event('OrderPlaced.v1');
      await bus.publish('orders', [placed, event('OrderCancelled.v1'), event('Unwanted.v1')]);
      await bus.publish('payments', [event('Paid.v1', 'payments')]);
      await until(() => got.length === 1 && other.length === 3, { ms: 10_000 });
      assert.deepEqual(got[0], placed);
      assert.deepEqual(other.map((e) => e.type).sort(), ['OrderCancelled.v1', 'OrderPlaced.v1', 'Paid.v1']);
      await bus.close();
    });

    test('more events than one batch holds all arrive', async () => {
      const bus = await open();
      const got = new Set<string>();
      bus.consume('notifier', async (e) => void got.add(e.id));
      const events = Array.from({ length: 37 }, () => event('OrderPlaced.v1'));
      await bus.publish('orders', events);
      await until(() => got.size === 37, { ms: 10_000 });
      assert.deepEqual([...got].sort(), events.map((e) => e.id).sort());
      await bus.close();
    });

    test('an event whose handler throws comes again', async () => {
      const bus = await open();
      let tries = 0;
      bus.consume('notifier', async () => {
        tries++;
        if (tries < 3) throw new Error('not now');
      });
      await bus.publish('orders', [event('OrderPlaced.v1')]);
      await until(() => tries === 3, { ms: 15_000 });
      await bus.close();
    });

    test('an unknown producer or consumer is refused', async () => {
      const bus = await open();
      await assert.rejects(bus.publish('nobody', [event('X.v1')]), /not in the topology/);
      assert.throws(() => bus.consume('nobody', async () => {}), /not in the topology/);
      await bus.close();
    });
  });
}

test('a poisonous event ends in the DLQ, is listed, and is handled after a redrive', async () => {
  const env = { ...stores.env, AISLE_BUS_PREFIX: 'poison' };
  const bus = await openSnsSqsBus({ env, topology, log: silentLog, meter: createMeter() });
  let healed = false;
  let handled = 0;
  bus.consume('notifier', async () => {
    if (!healed) throw new Error('poison');
    handled++;
  });
  const poison = event('OrderPlaced.v1');
  await bus.publish('orders', [poison]);
  let letters = await listDeadLetters(env, ['notifier']);
  await until(
    async () => {
      letters = await listDeadLetters(env, ['notifier']);
      return letters.length === 1;
    },
    { ms: 30_000 },
  );
  assert.equal(letters[0]?.event?.id, poison.id);
  healed = true;
  let moved = 0;
  await until(
    async () => {
      moved += await redriveDeadLetters(env, ['notifier']);
      return moved === 1;
    },
    { ms: 15_000 },
  );
  await until(() => handled === 1, { ms: 15_000 });
  await bus.close();
});

test('on SNS and SQS the trace context of an event is beside the message, too', async () => {
  const env = { ...stores.env, AISLE_BUS_PREFIX: `t${nextSubject++}` };
  const bus = await openSnsSqsBus({ env, topology, log: silentLog, meter: createMeter() });
  const trace = {
    traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    tracestate: 'vendor=1',
  };
  await bus.publish('orders', [{ ...event('OrderPlaced.v1'), ...trace }]);
  const { sqs, sns, prefix } = openClients(env);
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: await queueUrl(sqs, queueName(prefix, 'notifier')),
      MessageAttributeNames: ['All'],
      WaitTimeSeconds: 5,
    }),
  );
  const { type, traceparent, tracestate } = Messages?.[0]?.MessageAttributes ?? {};
  assert.deepEqual(
    [type?.StringValue, traceparent?.StringValue, tracestate?.StringValue],
    ['OrderPlaced.v1', trace.traceparent, trace.tracestate],
  );
  sqs.destroy();
  sns.destroy();
  await bus.close();
});
