import {
  createTraceState,
  ROOT_CONTEXT,
  type SpanContext,
  type Context as SpanParent,
  TraceFlags,
  trace,
} from '@opentelemetry/api';

/**
 * Where in which trace something happens, as it travels in headers, events and rows.
 * @see https://www.w3.org/TR/trace-context/
 */
export interface TraceContext {
  readonly traceparent?: string;
  readonly tracestate?: string;
}

const TRACEPARENT =
  /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-[\x21-\x7e]*)?$/;
/** Longest `tracestate` taken over; a longer one may be dropped, as the specification has it. */
const MOST_STATE = 512;
const TRACESTATE = /^[\x20-\x7e]+$/;

/** The parts of a `traceparent`; undefined when it is none. Later versions may have more behind the flags. */
export function readTraceparent(
  value: unknown,
): { readonly traceId: string; readonly spanId: string; readonly flags: string } | undefined {
  if (typeof value !== 'string' || value.length > MOST_STATE) return undefined;
  const [, version, traceId, spanId, flags, rest] = TRACEPARENT.exec(value) ?? [];
  if (!traceId || !spanId || !flags || (version === '00' && rest !== undefined)) return undefined;
  return { traceId, spanId, flags };
}

/** The trace context in the headers of a request; empty when it is none that can be continued. `baggage` is not taken from anyone. */
export function traceContextOf(headers: Readonly<Record<string, unknown>>): TraceContext {
  const { traceparent, tracestate } = headers;
  if (!readTraceparent(traceparent)) return {};
  const isState =
    typeof tracestate === 'string' && tracestate.length <= MOST_STATE && TRACESTATE.test(tracestate);
  return { traceparent: traceparent as string, ...(isState && { tracestate }) };
}

/** False when whoever passed it on records nothing of this trace. */
export function isSampled({ traceparent }: TraceContext): boolean {
  const flags = readTraceparent(traceparent)?.flags;
  return flags === undefined || (Number.parseInt(flags, 16) & TraceFlags.SAMPLED) !== 0;
}

/** What a span that follows from `from` begins under; a new trace when it is none. */
export function parentOf(from: TraceContext): SpanParent {
  const read = readTraceparent(from.traceparent);
  if (!read) return ROOT_CONTEXT;
  const { traceId, spanId, flags } = read;
  const traceFlags = Number.parseInt(flags, 16);
  const span: SpanContext = { traceId, spanId, traceFlags, isRemote: true };
  if (from.tracestate) span.traceState = createTraceState(from.tracestate);
  return trace.setSpanContext(ROOT_CONTEXT, span);
}

/** A span's place, for whoever it calls. */
export function contextOfSpan({ traceId, spanId, traceFlags, traceState }: SpanContext): TraceContext {
  const tracestate = traceState?.serialize();
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    ...(tracestate && { tracestate }),
  };
}
