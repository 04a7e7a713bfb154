import { pino } from 'pino';
import { ConfigError } from '../config/index.ts';
import { traceFields } from '../telemetry/index.ts';

export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Structured, one JSON line an event. Fields that may hold secrets or card data are removed by name. Where something is
 * traced, the line has the `trace_id` and `span_id` it belongs to.
 */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
  child(fields: LogFields): Log;
}

const SECRETS = [
  'password',
  'token',
  'accessToken',
  'refreshToken',
  'authorization',
  'apiKey',
  'cardNumber',
  'cvc',
  'secret',
];

export interface LogOptions {
  /** @default 'info' */
  readonly level?: string;
  /** Where lines go. @default standard error */
  readonly destination?: { write(line: string): void };
}

const LEVELS = [...Object.keys(pino.levels.values), 'silent'];

/** @throws ConfigError for a level that is none, which comes from the environment (LOG_LEVEL) */
export function createLog(name: string, options: LogOptions = {}): Log {
  const level = options.level || 'info';
  if (!LEVELS.includes(level))
    throw new ConfigError(name, [`LOG_LEVEL is one of ${LEVELS.join(', ')}, not "${level}"`]);
  const redact = { paths: SECRETS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), remove: true };
  const target = options.destination ?? pino.destination({ fd: 2, sync: false });
  return wrap(pino({ name, level, redact, base: { name }, mixin: traceFields }, target));
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => silentLog };

function wrap(logger: ReturnType<typeof pino>): Log {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (message: string, fields?: LogFields) =>
    logger[level](fields ?? {}, message);
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => wrap(logger.child(fields)),
  };
}

/** An error as log fields, without losing its cause. */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: String(error) };
  return {
    error: error.message,
    stack: error.stack,
    ...(error.cause === undefined
      ? {}
      : { cause: error.cause instanceof Error ? error.cause.message : String(error.cause) }),
  };
}
