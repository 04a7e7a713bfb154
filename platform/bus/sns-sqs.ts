import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  PublishBatchCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { Env } from '../config/index.ts';
import type { Log } from '../log/index.ts';
import type { Meter } from '../telemetry/index.ts';
import type { AisleEvent } from './event.ts';
import type { Bus, Topology } from './port.ts';
import { consumeQueue } from './sqs-consumer.ts';

export interface SnsSqsOptions {
  /** `AWS_ENDPOINT_URL` (absent: AWS itself), `AWS_REGION`, `AISLE_BUS_PREFIX` (several installations on one account). */
  readonly env: Env;
  readonly topology: Topology;
  readonly log: Log;
  readonly meter: Meter;
}

/** SNS takes at most ten messages and 256 KiB a batch. */
const BATCH = 10;
const BATCH_BYTES = 240 * 1024;
/** Deliveries before a message goes to the DLQ. */
export const MAX_RECEIVES = 5;
const VISIBILITY_SECONDS = 30;

export interface AwsClients {
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
  readonly prefix: string;
}

export function openClients(env: Env): AwsClients {
  const endpoint = env.AWS_ENDPOINT_URL;
  const local = endpoint !== undefined && /^https?:\/\/(127\.0\.0\.1|localhost)[:/]/.test(endpoint);
  const shared = {
    region: env.AWS_REGION ?? 'us-east-1',
    ...(endpoint && { endpoint }),
    // A local emulator takes any credentials; AWS gets them from its usual chain.
    ...(local && { credentials: { accessKeyId: 'local', secretAccessKey: 'local' } }),
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 30_000 },
  };
  return { sns: new SNSClient(shared), sqs: new SQSClient(shared), prefix: env.AISLE_BUS_PREFIX ?? 'aisle' };
}

export const queueName = (prefix: string, consumer: string) => `${prefix}-${consumer}`;
export const deadLetterName = (prefix: string, consumer: string) => `${prefix}-${consumer}-dlq`;

export async function queueUrl(sqs: SQSClient, name: string): Promise<string> {
  return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl!;
}

const text = (StringValue: string) => ({ DataType: 'String', StringValue });

/** What subscriptions filter by, and the trace context for consumers that look for it beside the message. */
function attributesOf({ type, traceparent, tracestate }: AisleEvent) {
  return {
    type: text(type),
    ...(traceparent && { traceparent: text(traceparent) }),
    ...(tracestate && { tracestate: text(tracestate) }),
  };
}

/** Connects, declares the whole topology (idempotent), and is ready to publish and consume. */
export async function openSnsSqsBus({ env, topology, log, meter }: SnsSqsOptions): Promise<Bus> {
  const { sns, sqs, prefix } = openClients(env);
  const topics = new Map<string, string>();
  const queues = new Map<string, string>();

  await Promise.all(
    topology.producers.map(async (producer) => {
      const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: `${prefix}-${producer}` }));
      topics.set(producer, TopicArn!);
    }),
  );
  await Promise.all(
    topology.consumers.map(async ({ name, wants }) => {
      const { url, arn } = await declareQueue(sqs, prefix, name);
      queues.set(name, url);
      await Promise.all(
        wants.map(({ producer, types }) => subscribe(sns, topics.get(producer)!, arn, types)),
      );
    }),
  );

  const published = meter.counter('bus_published_total', 'Events the bus took');
  const consumers: { stop(): Promise<void> }[] = [];

  async function publishBatch(
    topic: string,
    batch: readonly { event: AisleEvent; body: string }[],
  ): Promise<void> {
    const entries = batch.map(({ event, body }, index) => ({
      Id: String(index),
      Message: body,
      MessageAttributes: attributesOf(event),
    }));
    const command = new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries: entries });
    const { Failed } = await sns.send(command);
    if (Failed?.length)
      throw new Error(`SNS did not take ${Failed.length} of ${batch.length} events: ${Failed[0]?.Message}.`);
    for (const { event } of batch) published.add(1, { type: event.type });
  }

  return {
    async publish(producer, events) {
      const topic = topics.get(producer);
      if (!topic) throw new Error(`${producer} is not in the topology as a producer.`);
      let batch: { event: AisleEvent; body: string }[] = [];
      let bytes = 0;
      for (const event of events) {
        const body = JSON.stringify(event);
        if (batch.length === BATCH || (batch.length > 0 && bytes + body.length > BATCH_BYTES)) {
          await publishBatch(topic, batch);
          batch = [];
          bytes = 0;
        }
        batch.push({ event, body });
        bytes += body.length;
      }
      if (batch.length > 0) await publishBatch(topic, batch);
    },
    consume(consumer, handler, options) {
      const url = queues.get(consumer);
      if (!url) throw new Error(`${consumer} is not in the topology as a consumer.`);
      const running = consumeQueue({
        ...options,
        sqs,
        url,
        consumer,
        handler,
        log: log.child({ consumer }),
        meter,
      });
      consumers.push(running);
      return running;
    },
    async close() {
      await Promise.all(consumers.map((consumer) => consumer.stop()));
      sns.destroy();
      sqs.destroy();
    },
  };
}

async function declareQueue(
  sqs: SQSClient,
  prefix: string,
  consumer: string,
): Promise<{ url: string; arn: string }> {
  const dlq = await createQueue(sqs, deadLetterName(prefix, consumer), {
    MessageRetentionPeriod: String(14 * 86_400),
  });
  const redrive = JSON.stringify({ deadLetterTargetArn: dlq.arn, maxReceiveCount: MAX_RECEIVES });
  return createQueue(sqs, queueName(prefix, consumer), {
    VisibilityTimeout: String(VISIBILITY_SECONDS),
    RedrivePolicy: redrive,
  });
}

async function createQueue(
  sqs: SQSClient,
  name: string,
  attributes: Record<string, string>,
): Promise<{ url: string; arn: string }> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  // Set apart from creation: creating again with other attributes is an error, setting them again is not.
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: attributes }));
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  return { url: QueueUrl!, arn: Attributes!.QueueArn! };
}

/**
 * Subscribing again with other attributes is an error, so an existing subscription is found and changed instead. The
 * filter is there from the first moment: nothing unwanted is delivered while it is being set up.
 */
async function subscribe(
  sns: SNSClient,
  topic: string,
  queueArn: string,
  types: readonly string[],
): Promise<void> {
  const filter = JSON.stringify({ type: types });
  const existing = await subscriptionOf(sns, topic, queueArn);
  if (!existing) {
    await sns.send(
      new SubscribeCommand({
        TopicArn: topic,
        Protocol: 'sqs',
        Endpoint: queueArn,
        Attributes: { RawMessageDelivery: 'true', FilterPolicy: filter },
      }),
    );
    return;
  }
  const set = (AttributeName: string, AttributeValue: string) =>
    sns.send(
      new SetSubscriptionAttributesCommand({ SubscriptionArn: existing, AttributeName, AttributeValue }),
    );
  await set('RawMessageDelivery', 'true');
  await set('FilterPolicy', filter);
}

async function subscriptionOf(sns: SNSClient, topic: string, queueArn: string): Promise<string | undefined> {
  let token: string | undefined;
  for (let page = 0; page < 100; page++) {
    const { Subscriptions = [], NextToken } = await sns.send(
      new ListSubscriptionsByTopicCommand({ TopicArn: topic, ...(token && { NextToken: token }) }),
    );
    const found = Subscriptions.find(({ Endpoint }) => Endpoint === queueArn);
    if (found || !NextToken) return found?.SubscriptionArn;
    token = NextToken;
  }
  return undefined;
}
