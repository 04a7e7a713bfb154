export { answering } from './http-span.ts';
export { type Counter, createMeter, type Histogram, type Labels, type Meter } from './meter.ts';
export { readTraceparent, type TraceContext, traceContextOf } from './trace-context.ts';
export type { SpanOptions, TracedSpan, Tracer } from './tracer.ts';
export { activeTrace, isTracing, startTracing, traceFields, tracerOf, withSpan } from './tracing.ts';
