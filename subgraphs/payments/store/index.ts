import type { AisleEvent } from '@aisle/platform/bus';
import type { Clock } from '@aisle/platform/clock';
import type { Region } from '@aisle/platform/identity';
import type { Log } from '@aisle/platform/log';
import type { PostgresOutbox } from '@aisle/platform/outbox';
import type { SavedMethod } from '../domain/method.ts';
import type { Payment } from '../domain/payment.ts';
import type { Refund } from '../domain/refund.ts';
import type { Ledger } from './ledger.ts';
import type { PaymentProvider } from './provider.ts';
import type { Recent } from './recent.ts';
import type { Refunding } from './refunding.ts';
import type { Settlement } from './settlement.ts';
import type { WebhookVerifier } from './webhook-verifier.ts';

export { type Action, type PaymentProvider, ProviderError, type Wait } from './provider.ts';
export type { Settlement } from './settlement.ts';
export type { ProviderEvent } from './webhook-verifier.ts';

/** One question to the provider, for the record. */
export interface Attempt {
  readonly step: 'authorise' | 'capture' | 'void' | 'refund' | 'find';
  readonly outcome: string;
  readonly code?: string;
  readonly tookMs: number;
}

/** What is stored together with a change, in one commit. */
export interface Along {
  readonly events?: readonly AisleEvent[];
  readonly attempt?: Attempt | undefined;
  /** A refund as it is after the change; `promised` refunds are new. */
  readonly refund?: Refund;
  /** The provider's event that caused it. */
  readonly webhook?: string | undefined;
}

export interface Due {
  readonly payment: Payment;
  /** How often the sweeper took it. */
  readonly checks: number;
}

export interface PaymentStore {
  find(orderId: string): Promise<Payment | undefined>;
  findMany(region: Region, orderIds: readonly string[]): Promise<Payment[]>;
  /** Stores a new payment. @returns the one that is there already instead */
  begin(payment: Payment): Promise<Payment | undefined>;
  /** Stores the next version. @returns false when somebody was faster (nothing is stored then) */
  save(next: Payment, along?: Along): Promise<boolean>;
  recordAttempt(payment: Payment, attempt: Attempt): Promise<void>;
  refund(orderId: string, key: string): Promise<Refund | undefined>;
  refundByReference(orderId: string, reference: string): Promise<Refund | undefined>;
  /** Of all the orders together, oldest first; the latest 100 of each. */
  refunds(region: Region, orderIds: readonly string[]): Promise<Refund[]>;
  /** Takes open payments that are due, for as long as their next check is away. Several sweepers never take the same. */
  takeDue(region: Region, limit: number): Promise<Due[]>;
  takeDueRefunds(region: Region, limit: number): Promise<Refund[]>;
}

export interface MethodStore {
  /** Newest first, after the given one. */
  list(
    userId: string,
    region: Region,
    limit: number,
    after?: { readonly createdAt: number; readonly id: string },
  ): Promise<SavedMethod[]>;
  /** By `pmt_…` id. */
  find(id: string): Promise<SavedMethod | undefined>;
  bySource(userId: string, region: Region, source: string): Promise<SavedMethod | undefined>;
  /** @returns the stored one; `undefined` when the person has `max` already */
  add(method: SavedMethod, max: number): Promise<SavedMethod | undefined>;
  remove(method: SavedMethod): Promise<void>;
}

export interface Ports {
  readonly payments: PaymentStore;
  readonly methods: MethodStore;
  readonly provider: PaymentProvider;
  readonly ledger: Ledger;
  readonly recent: Recent;
  readonly settlement: Settlement;
  readonly refunding: Refunding;
  readonly webhooks: WebhookVerifier;
  readonly outbox: PostgresOutbox;
  /** Where a bank sends buyers back to when the order does not say. */
  readonly returnUrl: string | null;
  /** For the webhook route, which has no scope of its own. */
  readonly clock: Clock;
  readonly log: Log;
  ping(): Promise<void>;
}
