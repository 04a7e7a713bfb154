import { context, trace } from '@opentelemetry/api';
import type { Env } from '../config/index.ts';
import type { Log } from '../log/index.ts';
import type { OpenTracing } from './open-tracing.ts';
import { contextOfSpan, type TraceContext } from './trace-context.ts';
import { readTraceSettings } from './trace-settings.ts';
import { activeTracer, recordedSpan, type SpanOptions, type TracedSpan, Tracer } from './tracer.ts';

/**
 * The tracing of this process, if it has any. One for the process because the active span is: whoever is deep in a store
 * finds its parent by where it runs, not by what it was given (docs/decisions/0010).
 */
let running: { readonly opened: OpenTracing; readonly tracers: Map<string, Tracer> } | undefined;

export interface RunningTracing {
  /** Sends what is left, for a few seconds at most, and traces no more. */
  stop(): Promise<void>;
}

/**
 * Traces from now on when `OTEL_EXPORTER_OTLP_ENDPOINT` says where to; otherwise nothing is loaded and nothing costs.
 * To be called before anything that is to be traced is made.
 */
export async function startTracing({ env, log }: { env: Env; log: Log }): Promise<RunningTracing> {
  const { settings, problems } = readTraceSettings(env);
  for (const problem of problems) log.warn('tracing', { problem });
  if (!settings) return { stop: async () => {} };
  if (running) throw new Error('This process is traced already.');
  const { openTracing } = await import('./open-tracing.ts');
  const opened = openTracing(settings, log);
  running = { opened, tracers: new Map() };
  return {
    async stop() {
      running = undefined;
      await opened.close();
    },
  };
}

/** The tracer of one context; undefined when nothing is traced, which whoever holds it asks once. */
export function tracerOf(name: string): Tracer | undefined {
  if (!running) return undefined;
  const known = running.tracers.get(name);
  if (known) return known;
  const made = new Tracer(running.opened.tracerFor(name), running.opened.followsParent);
  running.tracers.set(name, made);
  return made;
}

export const isTracing = (): boolean => running !== undefined;

/** The place of the active span, for rows and events that are written within it. */
export function activeTrace(): TraceContext | undefined {
  const span = running && trace.getSpanContext(context.active());
  return span && contextOfSpan(span);
}

/** The active span, while it is being recorded: to say more of it. */
export const activeSpan = (): TracedSpan | undefined => running && recordedSpan();

/** Does `work` in a span below the active one; without one that is being recorded it is just done. */
export function withSpan<T>(
  name: string,
  options: SpanOptions,
  work: (span?: TracedSpan) => Promise<T>,
): Promise<T> {
  const tracer = running && activeTracer();
  return tracer ? tracer.run(name, options, work) : work();
}

/** What ties a line of the log to the active span. A new object each time: the log writes the line's fields into it. */
export function traceFields(): object {
  const span = running && trace.getSpanContext(context.active());
  return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
}
