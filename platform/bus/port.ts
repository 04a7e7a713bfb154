import type { AisleEvent } from './event.ts';

/** Called for every delivery. Throwing puts the event back for another try, and after the tries into the DLQ. */
export type EventHandler = (event: AisleEvent) => Promise<void>;

export interface ConsumeOptions {
  /**
   * Milliseconds in which deliveries gather before the queue is asked again, when there were fewer than fit one batch: asking costs more than most
   * handlers do. @default 50
   */
  readonly gather?: number;
}

/** Topics and queues between contexts: a topic per producer, a queue (with a DLQ) per consumer. */
export interface Bus {
  /** @throws when the bus did not take every event; the relay keeps them and tries again. */
  publish(producer: string, events: readonly AisleEvent[]): Promise<void>;
  /** Delivers the types that the topology says the consumer wants, at least once. `stop` waits for handlers in flight. */
  consume(consumer: string, handler: EventHandler, options?: ConsumeOptions): { stop(): Promise<void> };
  close(): Promise<void>;
}

/** Who publishes and who wants what; declared once, from the subgraph definitions, and created at start. */
export interface Topology {
  readonly producers: readonly string[];
  readonly consumers: readonly {
    readonly name: string;
    readonly wants: readonly { readonly producer: string; readonly types: readonly string[] }[];
  }[];
}

interface Participant {
  readonly name: string;
  readonly publishes?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly consumes?: Readonly<Record<string, unknown>>;
}

/** @throws when a context consumes a type that nobody publishes, or two publish one type. */
export function topologyOf(participants: readonly Participant[]): Topology {
  const producerOf = new Map<string, string>();
  for (const { name, publishes = [] } of participants) {
    for (const type of Array.isArray(publishes) ? publishes : Object.keys(publishes)) {
      const other = producerOf.get(type);
      if (other) throw new Error(`${type} is published by both ${other} and ${name}.`);
      producerOf.set(type, name);
    }
  }
  const consumers = participants
    .filter(({ consumes }) => consumes && Object.keys(consumes).length > 0)
    .map(({ name, consumes }) => {
      const byProducer = new Map<string, string[]>();
      for (const type of Object.keys(consumes!).sort()) {
        const producer = producerOf.get(type);
        if (!producer) throw new Error(`${name} consumes ${type}, which nobody publishes.`);
        byProducer.set(producer, [...(byProducer.get(producer) ?? []), type]);
      }
      return { name, wants: [...byProducer].map(([producer, types]) => ({ producer, types })) };
    });
  return { producers: [...new Set(producerOf.values())].sort(), consumers };
}
