import type { Region } from '@aisle/platform/identity';
import { type Currency, money } from '@aisle/platform/money';
import type { SavedMethod } from '../domain/method.ts';
import { failureOf, intentOf, type Payment, type State, type StateKind } from '../domain/payment.ts';
import type { Refund } from '../domain/refund.ts';

export interface PaymentRow extends Record<string, unknown> {
  order_id: string;
  id: string;
  user_id: string | null;
  currency: Currency;
  amount: bigint;
  method_token: string;
  method_customer: string | null;
  return_url: string | null;
  state: StateKind;
  intent: string | null;
  failure_code: string | null;
  failure_message: string | null;
  captured: bigint;
  refunded: bigint;
  promised: bigint;
  version: number;
  created_at: Date;
  updated_at: Date;
  checks: number;
}

export function toPayment(row: PaymentRow, region: Region): Payment {
  return {
    id: row.id,
    orderId: row.order_id,
    userId: row.user_id,
    region,
    amount: money(row.currency, row.amount),
    method: { token: row.method_token, customer: row.method_customer },
    returnUrl: row.return_url,
    state: toState(row),
    captured: row.captured,
    refunded: row.refunded,
    promised: row.promised,
    version: row.version,
    createdAt: row.created_at.getTime(),
    updatedAt: row.updated_at.getTime(),
  };
}

function toState({ state, intent, failure_code: code, failure_message: message }: PaymentRow): State {
  const failure = code === null ? undefined : { code, message: message ?? '' };
  const known = () => {
    if (intent === null) throw new Error(`A payment that is ${state} has no intent.`);
    return intent;
  };
  switch (state) {
    case 'authorising':
      return { kind: state };
    case 'action-required':
    case 'capturing':
    case 'captured':
      return { kind: state, intent: known() };
    case 'authorised':
      return { kind: state, intent: known(), ...(failure && { failure }) };
    case 'declined':
      return { kind: state, intent, failure: failure ?? { code: 'card_declined', message: '' } };
    case 'voiding':
    case 'voided':
      return { kind: state, intent };
    default:
      return state satisfies never;
  }
}

/** The columns of a state. */
export function fromState(
  state: State,
): [state: StateKind, intent: string | null, code: string | null, message: string | null] {
  const failure = failureOf(state);
  return [state.kind, intentOf(state), failure?.code ?? null, failure?.message ?? null];
}

/** Milliseconds after which an open payment is looked at, and between looks: doubled each time, five minutes at most. */
const FIRST_CHECK_MS: Partial<Record<StateKind, number>> = {
  authorising: 5_000,
  capturing: 5_000,
  voiding: 5_000,
  'action-required': 30_000,
};

export function checkAt(state: State, now: number): Date | null {
  const wait = FIRST_CHECK_MS[state.kind];
  return wait === undefined ? null : new Date(now + wait);
}

export interface RefundRow extends Record<string, unknown> {
  id: string;
  order_id: string;
  key: string;
  currency: Currency;
  amount: bigint;
  reason: string;
  status: Refund['status'];
  reference: string | null;
  created_at: Date;
}

export function toRefund(row: RefundRow): Refund {
  return {
    id: row.id,
    orderId: row.order_id,
    key: row.key,
    amount: money(row.currency, row.amount),
    reason: row.reason,
    status: row.status,
    reference: row.reference,
    createdAt: row.created_at.getTime(),
  };
}

export interface MethodRow extends Record<string, unknown> {
  id: string;
  user_id: string;
  source: string;
  token: string;
  customer: string;
  brand: string;
  last4: string;
  exp_month: number;
  exp_year: number;
  created_at: Date;
}

export function toMethod(row: MethodRow, region: Region): SavedMethod {
  return {
    id: row.id,
    userId: row.user_id,
    region,
    source: row.source,
    token: row.token,
    customer: row.customer,
    brand: row.brand,
    last4: row.last4,
    expMonth: row.exp_month,
    expYear: row.exp_year,
    createdAt: row.created_at.getTime(),
  };
}
