import { setTimeout as sleep } from 'node:timers/promises';
import type { Finding, Invariant } from './invariant.ts';
import { outbox, versions } from './invariants/events.ts';
import { idempotency, prices, replay, sagas, sales, sums } from './invariants/orders.ts';
import { captures, refunds } from './invariants/payments.ts';
import { secrets } from './invariants/secrets.ts';
import { stock } from './invariants/stock.ts';
import { tenants } from './invariants/tenants.ts';
import type { Stores } from './stores.ts';

export const INVARIANTS: readonly Invariant[] = [
  stock,
  sales,
  captures,
  sums,
  sagas,
  outbox,
  versions,
  idempotency,
  replay,
  tenants,
  secrets,
  prices,
  refunds,
];

export interface Verdict extends Finding {
  readonly id: string;
  readonly title: string;
  readonly milliseconds: number;
}

/**
 * Checks every invariant. The stores are read one after the other while the marketplace runs, so something may be
 * half-way between two of them: what looks wrong is looked at again, and only what stays wrong is a violation.
 */
export async function audit(
  stores: Stores,
  options: { readonly tries?: number; readonly pauseMs?: number } = {},
): Promise<Verdict[]> {
  const { tries = 4, pauseMs = 1_000 } = options;
  const verdicts: Verdict[] = [];
  for (const invariant of INVARIANTS) {
    const started = performance.now();
    let finding = await invariant.check(stores);
    const stays = new Set(finding.violations);
    for (let i = 1; i < tries && stays.size > 0; i++) {
      await sleep(pauseMs);
      finding = await invariant.check(stores);
      for (const violation of stays) if (!finding.violations.includes(violation)) stays.delete(violation);
    }
    const { id, title } = invariant;
    verdicts.push({
      id,
      title,
      looked: finding.looked,
      violations: [...stays],
      milliseconds: performance.now() - started,
    });
  }
  return verdicts;
}
