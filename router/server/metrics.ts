import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Meter } from '@aisle/platform/telemetry';
import type { Prepared } from '../engine/index.ts';

/** What the router counts. RED per operation, plans, refusals by code, what is open right now. */
export interface RouterMetrics {
  /** An operation ended; `seconds` from the first byte of its request. */
  operation(
    name: string | undefined,
    kind: string,
    outcome: 'ok' | 'errors' | 'refused',
    seconds: number,
  ): void;
  /** These operations have a label of their own, however many others came before them. */
  reserve(names: Iterable<string>): void;
  /** An operation was looked for among those prepared, or prepared: how it went, and the seconds that took. */
  prepared(outcome: Prepared, seconds?: number): void;
  refused(code: string): void;
  reload(outcome: 'ok' | 'failed'): void;
  streamEnded(reason: string): void;
  /** A subscription went on after a break or a reload. */
  resumed(): void;
  readonly open: { operations: number; streams: number; subscriptions: number; upstreams: number };
}

/**
 * Operation names come from clients. Those of operations that are none, long ones, and what is beyond this many distinct
 * ones are counted together, so that nobody can make the process grow by inventing names.
 */
const MOST_NAMES = 200;
const LONGEST_NAME = 100;

export function createRouterMetrics(meter: Meter): RouterMetrics {
  const seconds = meter.histogram(
    'aisle_router_operation_seconds',
    'Time from request to answer, by operation.',
  );
  const operations = meter.counter(
    'aisle_router_operations_total',
    'Operations answered, by operation, kind and outcome.',
  );
  const plans = meter.counter(
    'aisle_router_plans_total',
    'Operations by how they were prepared: cached, planned, not valid, or not to be planned.',
  );
  const planning = meter.histogram(
    'aisle_router_plan_seconds',
    'Time to parse, validate, plan and compile an operation that was not cached.',
  );
  const refusals = meter.counter('aisle_router_refusals_total', 'Requests refused, by code.');
  const reloads = meter.counter('aisle_router_reloads_total', 'Reloads, by outcome.');
  const ended = meter.counter(
    'aisle_router_streams_ended_total',
    'Subscriptions ended by the router, by reason.',
  );
  const resumes = meter.counter(
    'aisle_router_subscriptions_resumed_total',
    'Subscriptions resumed after a break or a reload.',
  );
  const open = { operations: 0, streams: 0, subscriptions: 0, upstreams: 0 };
  meter.gauge('aisle_router_operations_open', 'Operations running now.', () => open.operations);
  meter.gauge('aisle_router_streams_open', 'WebSockets and event streams open now.', () => open.streams);
  meter.gauge('aisle_router_subscriptions_open', 'Subscriptions live now.', () => open.subscriptions);
  meter.gauge('aisle_router_upstreams_open', 'Subscriptions at subgraphs open now.', () => open.upstreams);
  const names = new Set<string>();
  const reserved = new Set<string>();

  const labelOf = (name: string | undefined, isValid: boolean) => {
    if (name === undefined) return 'anonymous';
    if (names.has(name) || reserved.has(name)) return name;
    if (!isValid || names.size >= MOST_NAMES || name.length > LONGEST_NAME) return 'other';
    names.add(name);
    return name;
  };

  return {
    open,
    reserve(those) {
      for (const name of those) reserved.add(name);
    },
    operation(name, kind, outcome, took) {
      const operation = labelOf(name, outcome !== 'refused');
      seconds.record(took, { operation });
      operations.add(1, { kind, operation, outcome });
    },
    prepared(outcome, took) {
      plans.add(1, { outcome });
      if (took !== undefined) planning.record(took);
    },
    refused: (code) => refusals.add(1, { code }),
    reload: (outcome) => reloads.add(1, { outcome }),
    resumed: () => resumes.add(),
    streamEnded: (reason) => ended.add(1, { reason }),
  };
}

/** Milliseconds between two looks at the event loop. */
const RESOLUTION = 20;

/** Event-loop lag and memory of the process, for the scrape; `stop` ends the measuring. */
export function watchProcess(meter: Meter): { stop(): void } {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION });
  delay.enable();
  meter.gauge(
    'aisle_process_event_loop_lag_seconds',
    'Delay of the event loop since the last scrape.',
    () => {
      const rows = [50, 99].map((percentile) => ({
        labels: { quantile: String(percentile / 100) },
        // What is measured is the time from look to look; late is what goes beyond that.
        value: Math.max(0, delay.percentile(percentile) / 1e6 - RESOLUTION) / 1e3,
      }));
      delay.reset();
      return rows;
    },
  );
  meter.gauge('aisle_process_resident_memory_bytes', 'Resident memory.', () => process.memoryUsage.rss());
  return { stop: () => void delay.disable() };
}
