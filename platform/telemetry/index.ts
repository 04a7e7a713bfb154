export { answering } from './http-span.ts';
export { type Counter, createMeter, type Histogram, type Labels, type Meter } from './meter.ts';
export { readTraceparent, type TraceContext, traceContextOf } from './trace-context.ts';
export { activeTracer, type SpanOptions, type TracedSpan, type Tracer } from './tracer.ts';
export {
  activeSpan,
  activeTrace,
  isTracing,
  type RunningTracing,
  startTracing,
  traceFields,
  tracerOf,
  withSpan,
} from './tracing.ts';
