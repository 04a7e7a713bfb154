import { tracerOf } from '../telemetry/index.ts';
import type { AisleEvent } from './event.ts';
import type { Bus } from './port.ts';

const attributesOf = (operation: 'send' | 'process', topic: string, { id, type }: AisleEvent) => ({
  'messaging.operation.type': operation,
  'messaging.destination.name': topic,
  'messaging.message.id': id,
  'cloudevents.event_type': type,
});

/**
 * The bus of one context with its spans: sending an event follows from what stored it, and handling it from its sending,
 * so that both are in the trace of the operation that caused them, however much later. The same bus when nothing is traced.
 */
export function tracedBus(bus: Bus, context: string): Bus {
  const tracer = tracerOf(context);
  if (!tracer) return bus;
  return {
    async publish(producer, events) {
      const spans = events.map((event) =>
        tracer.start(`send ${event.type}`, {
          kind: 'producer',
          parent: event,
          attributes: attributesOf('send', producer, event),
        }),
      );
      try {
        const sent = events.map((event, index) => ({ ...event, ...spans[index]!.trace }));
        await bus.publish(producer, sent);
      } catch (error) {
        for (const span of spans) span.failed(error);
        throw error;
      } finally {
        for (const span of spans) span.end();
      }
    },
    consume: (consumer, handler, options) =>
      bus.consume(
        consumer,
        (event) =>
          tracer.run(
            `process ${event.type}`,
            { kind: 'consumer', parent: event, attributes: attributesOf('process', consumer, event) },
            () => handler(event),
          ),
        options,
      ),
    close: () => bus.close(),
  };
}
