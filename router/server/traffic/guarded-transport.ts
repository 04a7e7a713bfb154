import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '@aisle/platform/clock';
import { backoff, type CallOutcome, RejectedError } from '@aisle/platform/resilience';
import type { SubgraphRequest, SubgraphResponse, SubgraphTransport } from '../../engine/index.ts';
import { TransportError } from '../../transports/index.ts';
import { createGuards, type Guard } from './guards.ts';
import type { SubgraphMetrics } from './subgraph-metrics.ts';
import type { SUBGRAPH_DEFAULTS, SubgraphSettings } from './subgraph-settings.ts';

export interface GuardOptions {
  readonly name: string;
  readonly settings: SubgraphSettings & typeof SUBGRAPH_DEFAULTS;
  readonly metrics: SubgraphMetrics;
  readonly clock: Clock;
  /** @default one of its own */
  readonly guard?: Guard;
  /** Uniform in [0, 1). @default Math.random */
  readonly random?: () => number;
}

const RETRYABLE_STATUS: ReadonlySet<number> = new Set([502, 503, 504]);
/** A client may ask for a millisecond: a time-out says something about the subgraph only when it had this long. */
const FAIR_TRY = 1_000;

/** What every call to a subgraph in another process goes through: bulkhead, breaker, and for queries a retry within a budget. */
export function guardTransport(transport: SubgraphTransport, options: GuardOptions): SubgraphTransport {
  const { name, settings, metrics, clock, random = Math.random } = options;
  const { retries } = settings;
  const guard = options.guard ?? createGuards(clock)(name, '', settings);
  const { breaker, bulkhead, budget } = guard;
  const unwatch = metrics.watch(name, guard);

  async function attempt(request: SubgraphRequest): Promise<SubgraphResponse> {
    const place = bulkhead.acquire(request.context);
    if (place) await place;
    const started = performance.now();
    let settle: ((outcome: CallOutcome) => void) | undefined;
    try {
      settle = breaker?.enter();
      const response = await transport.execute(request);
      settle?.('success');
      metrics.call(name, 'ok', (performance.now() - started) / 1000);
      return response;
    } catch (error) {
      const took = performance.now() - started;
      settle?.(outcomeOf(error, took));
      metrics.call(name, error instanceof TransportError ? error.code : 'REJECTED', took / 1000);
      throw error;
    } finally {
      bulkhead.release();
    }
  }

  return {
    async execute(request) {
      budget.earn();
      for (let tries = 1; ; tries++) {
        try {
          return await attempt(request);
        } catch (error) {
          const again =
            tries <= retries &&
            request.kind === 'query' &&
            isRetryable(error) &&
            !request.context.signal.aborted;
          if (!again || !budget.spend()) throw asTransportError(name, error);
          const pause = backoff(tries, random);
          if (clock.now() + pause >= request.context.deadline) throw error;
          metrics.retried(name);
          await wait(pause);
        }
      }
    },
    // Not by the breaker: a subscription that broke off has pauses of its own, and must not wait out the breaker's when the subgraph is back.
    subscribe: (request) => transport.subscribe(request),
    close() {
      unwatch();
      return transport.close();
    },
  };
}

function isRetryable(error: unknown): boolean {
  if (!(error instanceof TransportError)) return false;
  return (
    error.code === 'SUBGRAPH_UNREACHABLE' ||
    (error.code === 'SUBGRAPH_HTTP_STATUS' && RETRYABLE_STATUS.has(error.status ?? 0))
  );
}

function outcomeOf(error: unknown, took: number): CallOutcome {
  if (!(error instanceof TransportError)) return 'cancelled';
  switch (error.code) {
    case 'SUBGRAPH_ABORTED':
    case 'SUBGRAPH_OVERLOADED':
      return 'cancelled';
    case 'SUBGRAPH_TIMEOUT':
      return took >= FAIR_TRY ? 'failure' : 'cancelled';
    // It answers: what it says about one request says nothing about the next.
    case 'SUBGRAPH_HTTP_STATUS':
      return (error.status ?? 500) >= 500 ? 'failure' : 'success';
    default:
      return 'failure';
  }
}

function asTransportError(name: string, error: unknown): unknown {
  if (!(error instanceof RejectedError)) return error;
  const message =
    error.reason === 'open-circuit'
      ? `Subgraph "${name}" keeps failing and is not called for a while`
      : `Subgraph "${name}" has too many calls waiting`;
  return new TransportError('SUBGRAPH_OVERLOADED', name, message, { cause: error });
}
