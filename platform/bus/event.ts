import type { Region } from '../identity/caller.ts';
import { newId } from '../ids/index.ts';
import { activeTrace, type TraceContext } from '../telemetry/index.ts';

/**
 * A CloudEvents 1.0 envelope, structured mode, as it travels on the bus and lies in an outbox; with the trace context of
 * what caused it (CloudEvents' distributed tracing extension).
 */
export interface AisleEvent<Data = unknown> extends TraceContext {
  readonly specversion: '1.0';
  /** Unique per event (`evt_…`); with `source` it identifies the event for ever. */
  readonly id: string;
  /** The producing context, e.g. `aisle/orders`. */
  readonly source: string;
  /** Name and version, e.g. `OrderPlaced.v1`. */
  readonly type: string;
  /** The entity it is about, e.g. the order id. */
  readonly subject: string;
  /** RFC 3339. */
  readonly time: string;
  readonly datacontenttype: 'application/json';
  /** Region whose data it carries; absent for global facts. */
  readonly region?: Region;
  /** Version of the subject after the change: consumers never go back. */
  readonly version: number;
  readonly data: Data;
}

export interface NewEvent<Data> {
  /** Name and version: `OrderPlaced.v1`. */
  readonly type: string;
  /** The producing context. */
  readonly producer: string;
  readonly subject: string;
  /** Version of the subject after the change. */
  readonly version: number;
  readonly data: Data;
  readonly region?: Region;
  readonly traceparent?: string;
}

/** Wraps a fact in its CloudEvents envelope; it belongs to the trace that is active here. `now` is epoch milliseconds. */
export function createEvent<Data>(fact: NewEvent<Data>, now: number): AisleEvent<Data> {
  const { producer, type, subject, version, data, region, traceparent } = fact;
  return {
    specversion: '1.0',
    id: newId('evt', region, now),
    source: `aisle/${producer}`,
    type,
    subject,
    time: new Date(now).toISOString(),
    datacontenttype: 'application/json',
    version,
    ...(region && { region }),
    ...(activeTrace() ?? (traceparent && { traceparent })),
    data,
  };
}
