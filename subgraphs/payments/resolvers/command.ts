import { notFound } from '@aisle/platform/errors';
import { requireService, type Scope } from '@aisle/platform/service';
import { checkNoCardNumber, checkOrder } from '../domain/check-input.ts';
import { failureOf, type Payment, statusOf } from '../domain/payment.ts';
import { captureRefused, stateConflict } from '../domain/refusal.ts';
import type { ResolversTypes } from '../generated/schema.ts';
import type { Ports } from '../store/index.ts';

export type CommandAnswer = { payment?: Payment; errors: Awaited<ResolversTypes['UserError']>[] };

interface OrderInput {
  readonly orderId: string;
  readonly region: Payment['region'];
}

/** What every command of orders has in common. @throws FORBIDDEN for anyone but orders */
export function checkCommand(scope: Scope<Ports>, input: OrderInput): CommandAnswer | undefined {
  requireService(scope, ['orders']);
  const problem = checkNoCardNumber(input) ?? checkOrder(input);
  return problem && { errors: [problem] };
}

export const noPayment = (): CommandAnswer => ({
  errors: [notFound('The order has no payment.', 'orderId')],
});

/** A capture's answer: refused by the provider, out of place, or done (or still open, which is no error). */
export function captureAnswer(payment: Payment, conflict?: string): CommandAnswer {
  const failure = failureOf(payment.state);
  if (!conflict && payment.state.kind === 'authorised' && failure) {
    return { payment, errors: [captureRefused(failure.code, failure.message)] };
  }
  const status = statusOf(payment);
  const fine = !conflict && (status === 'CAPTURED' || status === 'PENDING' || payment.captured > 0n);
  return { payment, errors: fine ? [] : [stateConflict(status)] };
}
