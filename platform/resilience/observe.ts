import type { Counter, Meter } from '../telemetry/index.ts';
import type { Breaker } from './breaker.ts';
import type { Bulkhead } from './bulkhead.ts';

/** What the metrics read of one policy. */
export interface Observed {
  readonly name: string;
  readonly breaker: Breaker | undefined;
  readonly bulkhead: Bulkhead | undefined;
}

export interface PolicyMetrics {
  readonly retries: Counter;
  readonly rejections: Counter;
}

const STATES = { closed: 0, 'half-open': 1, open: 2 } as const;
const observed = new WeakMap<Meter, { policies: Map<string, Observed>; metrics: PolicyMetrics }>();

/** Adds a policy to the metrics of its process. A gauge has one reader, so all policies of a meter share it. */
export function observePolicy(meter: Meter, policy: Observed): PolicyMetrics {
  let entry = observed.get(meter);
  if (!entry) {
    const policies = new Map<string, Observed>();
    const read = (value: (one: Observed) => number | undefined) => () =>
      [...policies.values()].flatMap((one) => {
        const now = value(one);
        return now === undefined ? [] : [{ labels: { policy: one.name }, value: now }];
      });
    meter.gauge(
      'aisle_breaker_state',
      'Circuit breaker: 0 closed, 1 half-open, 2 open.',
      read((one) => one.breaker && STATES[one.breaker.state]),
    );
    meter.gauge(
      'aisle_bulkhead_running',
      'Calls running in a bulkhead.',
      read((one) => one.bulkhead?.running),
    );
    meter.gauge(
      'aisle_bulkhead_waiting',
      'Calls waiting for a place in a bulkhead.',
      read((one) => one.bulkhead?.waiting),
    );
    const metrics = {
      retries: meter.counter('aisle_retries_total', 'Tries after the first, by policy.'),
      rejections: meter.counter(
        'aisle_rejections_total',
        'Calls that a policy refused or gave up, by policy and reason.',
      ),
    };
    entry = { policies, metrics };
    observed.set(meter, entry);
  }
  entry.policies.set(policy.name, policy);
  return entry.metrics;
}
