import { tracerOf } from '@aisle/platform/telemetry';
import type { EventScope } from '../engine/index.ts';

/** Completes the events of subscriptions, each in a span below that of the subscription; undefined when nothing is traced. */
export function followedEvents(): EventScope | undefined {
  const tracer = tracerOf('router');
  return (
    tracer &&
    ((context, complete) =>
      tracer.run(
        'subscription event',
        { parent: context, attributes: { 'aisle.request_id': context.requestId } },
        (span) => complete({ ...context, ...span.trace }),
      ))
  );
}
