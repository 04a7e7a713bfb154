import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { errorFields, type Log } from '../log/index.ts';
import { pause, within } from '../resilience/index.ts';
import type { Meter } from '../telemetry/index.ts';
import type { AisleEvent } from './event.ts';
import type { ConsumeOptions, EventHandler } from './port.ts';

export interface ConsumerOptions extends ConsumeOptions {
  readonly sqs: SQSClient;
  readonly url: string;
  readonly consumer: string;
  readonly handler: EventHandler;
  readonly log: Log;
  readonly meter: Meter;
}

/** One long poll takes ten messages; they are handled together, which also is the limit of what is in flight. */
const BATCH = 10;
const POLL_SECONDS = 10;
const HANDLER_MS = 20_000;
const GATHER_MS = 50;
/** Pause after the queue itself failed, doubling up to the maximum. */
const RETRY_MS = 200;
const MAX_RETRY_MS = 5_000;

/** Polls one queue until stopped. A message is deleted only after its handler resolved. */
export function consumeQueue(options: ConsumerOptions): { stop(): Promise<void> } {
  const { sqs, url, consumer, handler, log, meter, gather = GATHER_MS } = options;
  const stopping = new AbortController();
  const handled = meter.counter('bus_handled_total', 'Deliveries by outcome');

  async function handle(message: Message): Promise<boolean> {
    let event: AisleEvent | undefined;
    try {
      event = JSON.parse(message.Body ?? '') as AisleEvent;
      if (event.specversion !== '1.0' || typeof event.type !== 'string')
        throw new Error('The message is not a CloudEvent.');
      await within(
        HANDLER_MS,
        handler(event),
        () => new Error(`The handler took longer than ${HANDLER_MS} ms.`),
      );
      handled.add(1, { consumer, outcome: 'done' });
      return true;
    } catch (error) {
      handled.add(1, { consumer, outcome: 'failed' });
      log.warn('event was not handled', { event: event?.id, type: event?.type, ...errorFields(error) });
      await retrySoon(message);
      return false;
    }
  }

  /** The next tries come at once, then after 1, 2, 4 seconds, instead of after the whole visibility time. */
  async function retrySoon(message: Message): Promise<void> {
    const tries = Number(message.Attributes?.ApproximateReceiveCount ?? 1);
    const VisibilityTimeout = tries === 1 ? 0 : Math.min(2 ** (tries - 2), 30);
    await sqs
      .send(
        new ChangeMessageVisibilityCommand({
          QueueUrl: url,
          ReceiptHandle: message.ReceiptHandle,
          VisibilityTimeout,
        }),
      )
      .catch(() => {});
  }

  /** @returns how many there were */
  async function poll(): Promise<number> {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: BATCH,
        WaitTimeSeconds: POLL_SECONDS,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
      { abortSignal: stopping.signal },
    );
    const outcomes = await Promise.all(Messages.map(handle));
    const done = Messages.filter((_, index) => outcomes[index]);
    if (done.length === 0) return Messages.length;
    const Entries = done.map((message, index) => ({
      Id: String(index),
      ReceiptHandle: message.ReceiptHandle,
    }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries }));
    return Messages.length;
  }

  async function run(): Promise<void> {
    let wait = RETRY_MS;
    while (!stopping.signal.aborted) {
      try {
        const count = await poll();
        wait = RETRY_MS;
        if (count > 0 && count < BATCH) await pause(gather, stopping.signal);
      } catch (error) {
        if (stopping.signal.aborted) return;
        log.warn('queue did not answer', { ...errorFields(error), pause: wait });
        await pause(wait, stopping.signal).catch(() => {});
        wait = Math.min(wait * 2, MAX_RETRY_MS);
      }
    }
  }

  const running = run();
  return {
    async stop() {
      stopping.abort();
      await running;
    },
  };
}
