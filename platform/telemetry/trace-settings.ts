import { z } from 'zod';
import type { Env } from '../config/index.ts';

/** How traces are taken and where they go; from the `OTEL_*` variables that OpenTelemetry documents. */
export interface TraceSettings {
  /** OTLP over HTTP: where spans are posted to. */
  readonly url: string;
  /** Name of every part; undefined: each part has its own. */
  readonly serviceName: string | undefined;
  readonly sampler: Sampler;
  /** Share of the traces that a ratio sampler takes, 0 to 1. */
  readonly ratio: number;
  /** Spans that may wait; more are dropped. */
  readonly maxQueueSize: number;
  readonly maxExportBatchSize: number;
  /** Milliseconds. */
  readonly scheduledDelayMillis: number;
  readonly exportTimeoutMillis: number;
}

const SAMPLERS = ['always_on', 'always_off', 'traceidratio'] as const;
export type Sampler = (typeof SAMPLERS)[number] | `parentbased_${(typeof SAMPLERS)[number]}`;

const sampler = z.enum([...SAMPLERS, ...SAMPLERS.map((name) => `parentbased_${name}` as const)]);
const ratio = z.coerce.number().min(0).max(1);
const count = z.coerce.number().int().min(1).max(1_000_000);

/**
 * Undefined settings: nothing is traced, because nobody said where to. What cannot be understood is a problem to report
 * and takes its default, as OpenTelemetry asks: traces are no reason not to start.
 */
export function readTraceSettings(env: Env): {
  readonly settings: TraceSettings | undefined;
  readonly problems: readonly string[];
} {
  const problems: string[] = [];
  const read = <T>(name: string, schema: z.ZodType<T>, otherwise: T): T => {
    const text = env[name]?.trim();
    if (!text) return otherwise;
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    problems.push(`${name} is "${text}", which cannot be used; ${String(otherwise)} is.`);
    return otherwise;
  };
  const settings = (url: string): TraceSettings => ({
    url,
    serviceName: env.OTEL_SERVICE_NAME?.trim() || undefined,
    sampler: read<Sampler>('OTEL_TRACES_SAMPLER', sampler, 'parentbased_always_on'),
    ratio: read('OTEL_TRACES_SAMPLER_ARG', ratio, 1),
    maxQueueSize: read('OTEL_BSP_MAX_QUEUE_SIZE', count, 2_048),
    maxExportBatchSize: read('OTEL_BSP_MAX_EXPORT_BATCH_SIZE', count, 512),
    scheduledDelayMillis: read('OTEL_BSP_SCHEDULE_DELAY', count, 5_000),
    exportTimeoutMillis: read('OTEL_BSP_EXPORT_TIMEOUT', count, 30_000),
  });
  const url = isOff(env, problems) ? undefined : addressOf(env, problems);
  return { settings: url === undefined ? undefined : settings(url), problems };
}

function isOff(env: Env, problems: string[]): boolean {
  const exporter = env.OTEL_TRACES_EXPORTER?.trim() || 'otlp';
  if (exporter !== 'otlp' && exporter !== 'none')
    problems.push(
      `OTEL_TRACES_EXPORTER is "${exporter}"; only "otlp" and "none" are known, so nothing is traced.`,
    );
  return exporter !== 'otlp' || env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true';
}

function addressOf(env: Env, problems: string[]): string | undefined {
  const own = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?.trim();
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT?.trim();
  if (!own && !base) return undefined;
  const name = own ? 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT' : 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const text = own || `${base?.replace(/\/+$/, '')}/v1/traces`;
  if (/^https?:$/.test(URL.parse(text)?.protocol ?? '')) {
    const protocol = env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL;
    if (protocol === 'grpc')
      problems.push('Spans are sent as OTLP over HTTP (usually port 4318), not over gRPC.');
    return text;
  }
  problems.push(`${name} is "${own || base}", which is no http(s) address, so nothing is traced.`);
  return undefined;
}
