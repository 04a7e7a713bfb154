import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Env } from '../config/index.ts';
import type { AisleEvent } from './event.ts';
import { deadLetterName, openClients, queueName, queueUrl } from './sns-sqs.ts';

export interface DeadLetter {
  readonly consumer: string;
  /** `undefined` when the message is no event at all. */
  readonly event?: AisleEvent;
  readonly receives: number;
}

/** Most messages looked at or moved in one call. */
const MAX = 1_000;

/** What lies in the DLQs. The messages stay there; they are hidden from others for a second. */
export async function listDeadLetters(env: Env, consumers: readonly string[]): Promise<DeadLetter[]> {
  const { sqs, prefix } = openClients(env);
  try {
    const found: DeadLetter[] = [];
    for (const consumer of consumers) {
      const seen = new Set<string>();
      await eachMessage(
        sqs,
        await queueUrl(sqs, deadLetterName(prefix, consumer)),
        1,
        async ({ id, body, receives }) => {
          if (seen.has(id)) return false;
          seen.add(id);
          const event = parse(body);
          found.push({ consumer, receives, ...(event && { event }) });
          return true;
        },
      );
    }
    return found;
  } finally {
    sqs.destroy();
  }
}

/** Sends dead letters back to their queue, each deleted only after it is there again. @returns how many. */
export async function redriveDeadLetters(env: Env, consumers: readonly string[]): Promise<number> {
  const { sqs, prefix } = openClients(env);
  let moved = 0;
  try {
    for (const consumer of consumers) {
      const from = await queueUrl(sqs, deadLetterName(prefix, consumer));
      const to = await queueUrl(sqs, queueName(prefix, consumer));
      await eachMessage(sqs, from, 30, async ({ body, handle }) => {
        await sqs.send(new SendMessageCommand({ QueueUrl: to, MessageBody: body }));
        await sqs.send(new DeleteMessageCommand({ QueueUrl: from, ReceiptHandle: handle }));
        moved++;
        return true;
      });
    }
    return moved;
  } finally {
    sqs.destroy();
  }
}

interface Received {
  readonly id: string;
  readonly body: string;
  readonly handle: string;
  readonly receives: number;
}

/** Ends at an empty queue, after `MAX` messages, or when `visit` has seen a message before. */
async function eachMessage(
  sqs: SQSClient,
  url: string,
  hiddenSeconds: number,
  visit: (message: Received) => Promise<boolean>,
): Promise<void> {
  for (let count = 0; count < MAX; ) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: url,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: hiddenSeconds,
        MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      }),
    );
    if (Messages.length === 0) return;
    for (const message of Messages) {
      count++;
      const receives = Number(message.Attributes?.ApproximateReceiveCount ?? 0);
      if (
        !(await visit({
          id: message.MessageId!,
          body: message.Body ?? '',
          handle: message.ReceiptHandle!,
          receives,
        }))
      )
        return;
    }
  }
}

function parse(body: string): AisleEvent | undefined {
  try {
    return JSON.parse(body) as AisleEvent;
  } catch {
    return undefined;
  }
}
