import type { AisleEvent } from './event.ts';
import type { Bus, EventHandler, Topology } from './port.ts';

export interface MemoryBus extends Bus {
  /** Everything ever published, for assertions. */
  readonly published: readonly AisleEvent[];
  /** Events that failed every try, by consumer. */
  readonly deadLetters: ReadonlyMap<string, readonly AisleEvent[]>;
  /** Resolves when every delivery so far has been handled or given up. */
  idle(): Promise<void>;
}

const MAX_TRIES = 5;

/** A bus inside one process, for component tests: same delivery rules, nothing survives. */
export function createMemoryBus(topology: Topology): MemoryBus {
  const handlers = new Map<string, EventHandler>();
  const waiting = new Map<string, AisleEvent[]>();
  const published: AisleEvent[] = [];
  const deadLetters = new Map<string, AisleEvent[]>();
  const running = new Set<Promise<void>>();

  async function deliver(consumer: string, event: AisleEvent): Promise<void> {
    const handler = handlers.get(consumer);
    if (!handler) {
      waiting.set(consumer, [...(waiting.get(consumer) ?? []), event]);
      return;
    }
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      try {
        // What arrives has been through the wire: consumers can't share objects with producers.
        return await handler(JSON.parse(JSON.stringify(event)) as AisleEvent);
      } catch {}
    }
    deadLetters.set(consumer, [...(deadLetters.get(consumer) ?? []), event]);
  }

  function start(consumer: string, event: AisleEvent): void {
    const task = deliver(consumer, event).finally(() => running.delete(task));
    running.add(task);
  }

  return {
    published,
    deadLetters,
    async publish(producer, events) {
      if (!topology.producers.includes(producer))
        throw new Error(`${producer} is not in the topology as a producer.`);
      for (const event of events) {
        published.push(event);
        for (const { name, wants } of topology.consumers) {
          if (wants.some((want) => want.producer === producer && want.types.includes(event.type)))
            start(name, event);
        }
      }
    },
    consume(consumer, handler) {
      if (!topology.consumers.some(({ name }) => name === consumer)) {
        throw new Error(`${consumer} is not in the topology as a consumer.`);
      }
      handlers.set(consumer, handler);
      for (const event of waiting.get(consumer) ?? []) start(consumer, event);
      waiting.delete(consumer);
      return {
        async stop() {
          handlers.delete(consumer);
          await Promise.all(running);
        },
      };
    },
    async idle() {
      while (running.size > 0) await Promise.all(running);
    },
    close: async () => {},
  };
}
