import { createHmac } from 'node:crypto';
import { Agent, request } from 'undici';
import { type PendingEvent, pspId, type Store } from './store.ts';
import type { Stored } from './types.ts';

/** Deliveries at once, tries per event, and the longest wait between two of them. */
const PARALLEL = 4;
const TRIES = 16;
const MAX_WAIT_MS = 60_000;
const TIMEOUT_MS = 5_000;

/** What is sent unless told otherwise: what a shop with manual capture needs. */
export const DEFAULT_EVENTS = [
  'payment_intent.amount_capturable_updated',
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'refund.created',
  'refund.updated',
  'refund.failed',
];

export interface Endpoint {
  /** Empty: nobody listens, no events are made. */
  url: string;
  secret: string;
  /** Event types to send; `*` is all. */
  events: readonly string[];
}

/** `t=…,v1=…` as Stripe signs: HMAC-SHA256 of `<seconds>.<body>`. */
export function signature(payload: string, secret: string, seconds: number): string {
  return `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${payload}`).digest('hex')}`;
}

export interface Webhooks {
  readonly endpoint: Endpoint;
  /** Stores an event with the state that it tells of. Sent after `wake`. */
  record(type: string, object: Stored, cause: { request: string; key: string | null }): void;
  wake(): void;
  stop(): Promise<void>;
}

export function createWebhooks(
  store: Store,
  endpoint: Endpoint,
  now: () => number,
  log: (line: object) => void,
): Webhooks {
  const agent = new Agent({ connections: PARALLEL, headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });
  const queue: PendingEvent[] = [...store.events()];
  const timers = new Set<NodeJS.Timeout>();
  const tries = new Map<string, number>();
  const sending = new Set<Promise<void>>();
  let stopped = false;

  async function send(event: PendingEvent): Promise<void> {
    const delivered = await post(event.payload).catch((error: Error) => error.message);
    if (delivered === true) {
      tries.delete(event.id);
      store.forgetEvent(event.id);
      store.flush();
      return;
    }
    const tried = (tries.get(event.id) ?? 0) + 1;
    tries.set(event.id, tried);
    log({ event: event.id, webhook: 'failed', tried, why: delivered });
    if (stopped) return;
    if (tried >= TRIES) {
      tries.delete(event.id);
      store.forgetEvent(event.id);
      store.flush();
      return;
    }
    const timer = setTimeout(
      () => {
        timers.delete(timer);
        queue.push(event);
        pump();
      },
      Math.min(MAX_WAIT_MS, 500 * 2 ** (tried - 1)),
    );
    timers.add(timer);
  }

  async function post(payload: string): Promise<true | string> {
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks)',
      'stripe-signature': signature(payload, endpoint.secret, Math.floor(now() / 1000)),
    };
    const { statusCode, body } = await request(endpoint.url, {
      method: 'POST',
      headers,
      body: payload,
      dispatcher: agent,
    });
    await body.dump();
    return statusCode >= 200 && statusCode < 300 ? true : `status ${statusCode}`;
  }

  function pump(): void {
    while (!stopped && endpoint.url !== '' && sending.size < PARALLEL && queue.length > 0) {
      const sent = send(queue.shift()!).finally(() => {
        sending.delete(sent);
        pump();
      });
      sending.add(sent);
    }
  }

  return {
    endpoint,
    record(type, object, cause) {
      if (endpoint.url === '' || !(endpoint.events.includes(type) || endpoint.events.includes('*'))) return;
      const id = pspId('evt');
      const event = {
        id,
        object: 'event',
        api_version: '2026-10-28.endive',
        created: Math.floor(now() / 1000),
        data: { object },
        livemode: false,
        pending_webhooks: 1,
        request: { id: cause.request, idempotency_key: cause.key },
        type,
      };
      const pending = { id, payload: JSON.stringify(event) };
      store.saveEvent(pending);
      queue.push(pending);
    },
    wake: pump,
    async stop() {
      stopped = true;
      for (const timer of timers) clearTimeout(timer);
      await Promise.allSettled(sending);
      await agent.close();
    },
  };
}
