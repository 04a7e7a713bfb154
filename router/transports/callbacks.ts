import { createHash, randomBytes, randomUUID, timingSafeEqual } from 'node:crypto';
import type { SubgraphResponse } from '../engine/types.ts';
import { EventQueue } from './event-queue.ts';
import { TransportError } from './transport-error.ts';

/** What a subgraph posts to the address of its subscription (Apollo's HTTP callback protocol, `callback/1.0`). */
export interface CallbackMessage {
  /** `check` is the first message, and the heartbeat. */
  readonly action: 'check' | 'next' | 'complete';
  readonly id: string;
  readonly verifier: string;
  /** Of `next`. */
  readonly payload?: SubgraphResponse | undefined;
  /** Of a `complete` that ends badly. */
  readonly errors?: SubgraphResponse['errors'] | undefined;
}

export interface CallbacksOptions {
  /** Where subgraphs reach this router's callback endpoint, without the id: `http://router:4000/callback`. */
  readonly publicUrl: () => string;
  /** Milliseconds between two signs of life of a subgraph; three without one end its subscription as broken off. 0: none are asked for. */
  readonly heartbeat: number;
}

/** A subscription at a subgraph that posts its events. */
export interface Callback {
  /** What the request to the subgraph carries as `extensions.subscription`. */
  readonly extension: {
    readonly callbackUrl: string;
    readonly subscriptionId: string;
    readonly verifier: string;
    readonly heartbeatIntervalMs: number;
  };
  readonly events: EventQueue;
  /** From now on the subgraph is told 404, upon which it stops. Idempotent. */
  close(error?: unknown): void;
}

interface Open {
  readonly verifier: Buffer;
  readonly maxBytes: number;
  readonly events: EventQueue;
  readonly close: Callback['close'];
  readonly alive: () => void;
  /** The message being taken in: they are, one after the other, in the order in which they came. */
  turn: Promise<unknown>;
}

/** Missed heartbeats that mean that the subgraph is gone. */
const MISSED = 3;
const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The open subscriptions of subgraphs that speak the HTTP callback protocol. */
export class Callbacks {
  readonly #options: CallbacksOptions;
  readonly #open = new Map<string, Open>();

  constructor(options: CallbacksOptions) {
    this.#options = options;
  }

  /** Subscriptions open now. */
  get size(): number {
    return this.#open.size;
  }

  /** @param maxEvents Events that may wait for a slow reader. @param maxBytes Of one message. */
  open(subgraph: string, maxEvents: number, maxBytes: number): Callback {
    const { publicUrl, heartbeat } = this.#options;
    const id = randomUUID();
    const verifier = randomBytes(32).toString('base64url');
    const events = new EventQueue(subgraph, maxEvents, () => close());
    const gone = (): void =>
      close(
        new TransportError(
          'SUBGRAPH_UNREACHABLE',
          subgraph,
          `The subscription at subgraph "${subgraph}" broke off: it gave no sign of life`,
        ),
      );
    const timer = heartbeat > 0 ? setTimeout(gone, heartbeat * MISSED) : undefined;
    timer?.unref();
    const close: Callback['close'] = (error) => {
      clearTimeout(timer);
      this.#open.delete(id);
      events.end(error);
    };
    this.#open.set(id, {
      verifier: digest(verifier),
      maxBytes,
      events,
      close,
      alive: () => void timer?.refresh(),
      turn: Promise.resolve(),
    });
    const callbackUrl = `${publicUrl()}/${id}`;
    return {
      extension: { callbackUrl, subscriptionId: id, verifier, heartbeatIntervalMs: heartbeat },
      events,
      close,
    };
  }

  /**
   * Takes in one message for the subscription; `read` gets the message, of at most so many bytes.
   * @returns the HTTP status to answer with: 404 for a subscription that is not (any more), 401 for a wrong verifier
   */
  async receive(id: string, read: (maxBytes: number) => Promise<CallbackMessage>): Promise<number> {
    const open = this.#open.get(id);
    if (!open) return 404;
    const taken = this.#inTurn(open.turn, id, read(open.maxBytes));
    open.turn = taken.catch(() => undefined);
    return taken;
  }

  async #inTurn(before: Promise<unknown>, id: string, message: Promise<CallbackMessage>): Promise<number> {
    const [got] = await Promise.all([message, before]);
    return this.#take(id, got);
  }

  #take(id: string, message: CallbackMessage): number {
    const open = this.#open.get(id);
    if (!open) return 404;
    if (message.id !== id) return 400;
    if (!timingSafeEqual(digest(message.verifier), open.verifier)) return 401;
    open.alive();
    switch (message.action) {
      case 'check':
        return 204;
      case 'next':
        if (!message.payload) return 400;
        open.events.push(message.payload);
        // A queue that overflows has closed it.
        return this.#open.has(id) ? 200 : 404;
      case 'complete':
        if (message.errors?.length) open.events.push({ errors: message.errors });
        open.close();
        return 202;
    }
  }

  /** Ends every subscription as broken off. */
  closeAll(): void {
    for (const { close } of [...this.#open.values()]) close();
  }
}
