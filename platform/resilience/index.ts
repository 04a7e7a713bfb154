export {
  type Breaker,
  type BreakerOptions,
  type BreakerState,
  type CallOutcome,
  createBreaker,
} from './breaker.ts';
export { type Bulkhead, type BulkheadOptions, createBulkhead } from './bulkhead.ts';
export { type DeadlineOptions, pause, remaining, withDeadline, within } from './deadline.ts';
export { RejectedError, type RejectionReason } from './errors.ts';
export { type FakeTime, fakeTime } from './fake-time.ts';
export { type Policy, type PolicyOptions, policy, type RunOptions } from './policy.ts';
export { backoff, createRetryBudget, type RetryBudget, type RetryOptions } from './retry.ts';
export { systemTimers, type Timers } from './timers.ts';
