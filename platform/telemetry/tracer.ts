import {
  type Attributes,
  type Context,
  context,
  createContextKey,
  type Tracer as SdkTracer,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { contextOfSpan, isSampled, parentOf, type TraceContext } from './trace-context.ts';

export interface SpanOptions {
  /** @default 'internal' */
  readonly kind?: 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  /** What it follows from; one without `traceparent` begins a new trace. @default the active span */
  readonly parent?: TraceContext;
  /** Never variables, literals or anything of a person: names, counts, codes. */
  readonly attributes?: Attributes;
  /** What else it has to do with. */
  readonly links?: readonly TraceContext[];
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;
const OWNER = createContextKey('the tracer of the active span');
/** Characters of a span's name: clients name their operations. */
const MOST_NAME = 128;

/** Records the spans of one context (`orders`, `router`). */
export class Tracer {
  readonly #tracer: SdkTracer;
  readonly #followsParent: boolean;

  /** @param followsParent whether what is not sampled by its caller is not sampled here either */
  constructor(tracer: SdkTracer, followsParent: boolean) {
    this.#tracer = tracer;
    this.#followsParent = followsParent;
  }

  /** False when a span below this one would not be recorded: it need not be made then, and the trace context goes on as it is. */
  records(parent: TraceContext): boolean {
    return !this.#followsParent || isSampled(parent);
  }

  /** A span that the caller ends. */
  start(name: string, { kind = 'internal', parent, attributes, links }: SpanOptions = {}): TracedSpan {
    const under = parent ? parentOf(parent) : context.active();
    const span = this.#tracer.startSpan(
      name.slice(0, MOST_NAME),
      {
        kind: KINDS[kind],
        ...(attributes && { attributes }),
        ...(links && { links: links.flatMap(linkTo) }),
      },
      under,
    );
    return new TracedSpan(span, trace.setSpan(under, span).setValue(OWNER, this));
  }

  /** Does `work` in a span of its own, which is active meanwhile and knows how it ended. */
  async run<T>(name: string, options: SpanOptions, work: (span: TracedSpan) => Promise<T>): Promise<T> {
    const span = this.start(name, options);
    try {
      return await span.within(() => work(span));
    } catch (error) {
      span.failed(error);
      throw error;
    } finally {
      span.end();
    }
  }
}

/** The tracer of the active span, while that span is being recorded. */
export function activeTracer(): Tracer | undefined {
  const active = context.active();
  return trace.getSpan(active)?.isRecording() ? (active.getValue(OWNER) as Tracer | undefined) : undefined;
}

/** The active span, while it is being recorded. */
export function recordedSpan(): TracedSpan | undefined {
  const active = context.active();
  const span = trace.getSpan(active);
  return span?.isRecording() ? new TracedSpan(span, active) : undefined;
}

/** One span, recorded or only passed on. */
export class TracedSpan {
  /** What whoever is called by it gets. */
  readonly trace: TraceContext;
  readonly #span: Span;
  readonly #context: Context;

  constructor(span: Span, own: Context) {
    this.#span = span;
    this.#context = own;
    this.trace = contextOfSpan(span.spanContext());
  }

  set(attributes: Attributes): void {
    this.#span.setAttributes(attributes);
  }

  event(name: string, attributes?: Attributes): void {
    this.#span.addEvent(name, attributes);
  }

  /** Marks it as failed. Of an error only its code or class is kept: messages may quote people's data. */
  failed(error: unknown): void {
    const type = typeof error === 'string' ? error : typeOf(error);
    this.#span.setAttribute('error.type', type);
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message: type });
  }

  /** Does `work` with this span as the active one. */
  within<T>(work: () => T): T {
    return context.with(this.#context, work);
  }

  end(): void {
    this.#span.end();
  }
}

function typeOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.constructor.name;
}

function linkTo(to: TraceContext) {
  const linked = trace.getSpanContext(parentOf(to));
  return linked ? [{ context: linked }] : [];
}
