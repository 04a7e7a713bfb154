import { money } from '@aisle/platform/money';
import type { PaymentEvent } from './decide.ts';
import { intentOf, type Order, type Payment, type State } from './payment.ts';

/** A payment that was asked for and not yet put to the provider. `now` is epoch milliseconds. */
export function begin(id: string, order: Order, now: number): Payment {
  const none = { captured: 0n, refunded: 0n, promised: 0n };
  return {
    id,
    ...order,
    ...none,
    state: { kind: 'authorising' },
    version: 1,
    createdAt: now,
    updatedAt: now,
  };
}

/** A void that came before its payment: whoever authorises later finds it voided. */
export function beginVoided(
  id: string,
  order: Pick<Order, 'orderId' | 'region'>,
  currency: Order['amount']['currency'],
  now: number,
): Payment {
  const nobody: Order = {
    ...order,
    userId: null,
    amount: money(currency, 0),
    method: { token: '', customer: null },
    returnUrl: null,
  };
  return { ...begin(id, nobody, now), state: { kind: 'voided', intent: null } };
}

/** The payment after what happened; one version on, however many events. */
export function evolve(payment: Payment, events: readonly PaymentEvent[], now: number): Payment {
  if (events.length === 0) return payment;
  const changed = events.reduce(apply, payment);
  return { ...changed, version: payment.version + 1, updatedAt: now };
}

function apply(payment: Payment, event: PaymentEvent): Payment {
  switch (event.kind) {
    case 'intent-known':
      return to(payment, { kind: 'voiding', intent: event.intent });
    case 'action-required':
      return to(payment, { kind: 'action-required', intent: event.intent });
    case 'authorised':
      return to(payment, { kind: 'authorised', intent: event.intent });
    case 'declined':
      return to(payment, { kind: 'declined', intent: event.intent, failure: event.failure });
    case 'capture-started':
      return to(payment, { kind: 'capturing', intent: known(payment) });
    case 'captured':
      return { ...to(payment, { kind: 'captured', intent: event.intent }), captured: event.amount };
    case 'capture-refused':
      return to(payment, { kind: 'authorised', intent: known(payment), failure: event.failure });
    case 'void-started':
      return to(payment, { kind: 'voiding', intent: event.intent });
    case 'taken-while-voiding':
      return { ...to(payment, { kind: 'voiding', intent: event.intent }), captured: event.amount };
    case 'voided':
      return to(payment, { kind: 'voided', intent: intentOf(payment.state) });
    case 'given-back':
      return {
        ...to(payment, { kind: 'voided', intent: intentOf(payment.state) }),
        refunded: payment.refunded + event.amount,
        promised: payment.promised + event.amount,
      };
    default:
      return event satisfies never;
  }
}

const to = (payment: Payment, state: State): Payment => ({ ...payment, state });

function known({ state }: Payment): string {
  const intent = intentOf(state);
  if (intent === null) throw new Error(`A payment that is ${state.kind} has no intent.`);
  return intent;
}
