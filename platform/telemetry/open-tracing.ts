import { context, DiagLogLevel, diag, type Tracer as SdkTracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BatchSpanProcessor,
  ParentBasedSampler,
  type Sampler,
  TraceIdRatioBasedSampler,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Log } from '../log/index.ts';
import type { TraceSettings } from './trace-settings.ts';

/** Milliseconds that the last spans have to be sent in when the process ends: a collector that is away holds nobody up. */
const CLOSE_MS = 3_000;
/** Milliseconds between two complaints about the collector. */
const COMPLAIN_MS = 60_000;
/** Characters of an attribute. */
const MOST_VALUE = 256;

export interface OpenTracing {
  /** Whether the sampler does what the caller's sampled flag says. */
  readonly followsParent: boolean;
  tracerFor(name: string): SdkTracer;
  close(): Promise<void>;
}

/** The official SDK: one queue and one exporter for the process, one resource (`service.name`) per context. */
export function openTracing(settings: TraceSettings, log: Log): OpenTracing {
  const { url, serviceName, maxQueueSize, maxExportBatchSize, scheduledDelayMillis, exportTimeoutMillis } =
    settings;
  diag.setLogger(complaints(log), DiagLogLevel.WARN);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const processor = new BatchSpanProcessor({
    exporter: new OTLPTraceExporter({ url }),
    maxQueueSize,
    maxExportBatchSize: Math.min(maxExportBatchSize, maxQueueSize),
    scheduledDelayMillis,
    exportTimeoutMillis,
  });
  const sampler = samplerOf(settings);
  const resourceOf = (name: string) =>
    defaultResource()
      .merge(resourceFromAttributes({ 'service.name': `aisle-${name}`, 'process.pid': process.pid }))
      .merge(detectResources({ detectors: [envDetector] }))
      .merge(resourceFromAttributes(serviceName ? { 'service.name': serviceName } : {}));

  return {
    followsParent: settings.sampler.startsWith('parentbased_'),
    tracerFor: (name) =>
      new TracerProvider({
        resource: resourceOf(name),
        sampler,
        spanProcessors: [processor],
        spanLimits: { attributeValueLengthLimit: MOST_VALUE },
      }).getTracer(`@aisle/${name}`),
    async close() {
      let fuse: NodeJS.Timeout | undefined;
      const late = new Promise<void>((resolve) => {
        fuse = setTimeout(resolve, CLOSE_MS);
      });
      // What could not be sent was complained about by the exporter.
      await Promise.race([processor.shutdown().catch(() => {}), late]);
      clearTimeout(fuse);
      context.disable();
      diag.disable();
    },
  };
}

function samplerOf({ sampler, ratio }: TraceSettings): Sampler {
  switch (sampler) {
    case 'always_on':
      return new AlwaysOnSampler();
    case 'always_off':
      return new AlwaysOffSampler();
    case 'traceidratio':
      return new TraceIdRatioBasedSampler(ratio);
    case 'parentbased_always_on':
      return new ParentBasedSampler({ root: new AlwaysOnSampler() });
    case 'parentbased_always_off':
      return new ParentBasedSampler({ root: new AlwaysOffSampler() });
    case 'parentbased_traceidratio':
      return new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) });
    default:
      return sampler satisfies never;
  }
}

/** The SDK's warnings as lines of the log: a collector that stays away is one line a minute, not one a batch. */
function complaints(log: Log) {
  let next = 0;
  const complain = (message: string) => {
    if (performance.now() < next) return;
    next = performance.now() + COMPLAIN_MS;
    log.warn('tracing', { problem: message.slice(0, 500) });
  };
  const ignore = () => {};
  return { error: complain, warn: complain, info: ignore, debug: ignore, verbose: ignore };
}
