import type { AisleEvent } from './event.ts';

export type { AisleEvent } from './event.ts';

/** Called once per delivered event. Throwing puts it back for another try, and after the tries into the DLQ. */
export type EventHandler = (event: AisleEvent) => Promise<void>;

/** Topics and queues between contexts: a topic per producer, a queue (with a DLQ) per consumer. */
export interface Bus {
  /** @throws when the bus did not take every event; the relay keeps those it did not confirm. */
  publish(producer: string, events: readonly AisleEvent[]): Promise<void>;
  /** Delivers the types that the consumer subscribed to, at least once. `stop` waits for handlers in flight. */
  consume(consumer: string, handler: EventHandler): { stop(): Promise<void> };
  close(): Promise<void>;
}
