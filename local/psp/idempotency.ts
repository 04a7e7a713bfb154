import { createHash } from 'node:crypto';
import { invalid, keyInUse, keyReused } from './errors.ts';
import type { KeyRecord, Store } from './store.ts';

/**
 * Stripe's rules: the first answer is kept for a day and given again, errors included; another request under the
 * same key is refused; so is one while the first still runs; requests that failed validation keep nothing.
 * Source: https://docs.stripe.com/api/idempotent_requests
 */
export interface Idempotency {
  /** The kept answer, or undefined when this request goes first (then `end` must follow). @throws PspError 400, 409 */
  begin(key: string, print: string): KeyRecord | undefined;
  end(key: string, answer?: { print: string; status: number; body: string; at: number }): void;
  /** True the first time it sees a key. */
  firstTime(key: string): boolean;
}

export const printOf = (method: string, path: string, body: string) =>
  createHash('sha256').update(`${method} ${path}\n${body}`).digest('base64url');

export function createIdempotency(store: Store): Idempotency {
  const running = new Set<string>();
  const seen = new Set<string>();
  return {
    begin(key, print) {
      if (key.length > 255) throw invalid('Idempotency keys may be at most 255 characters.');
      const record = store.key(key);
      if (record) {
        if (record.print !== print) throw keyReused();
        return record;
      }
      if (running.has(key)) throw keyInUse();
      running.add(key);
      return undefined;
    },
    end(key, answer) {
      running.delete(key);
      if (answer) store.saveKey({ key, ...answer });
    },
    firstTime(key) {
      if (seen.has(key)) return false;
      seen.add(key);
      return true;
    },
  };
}
