import type { Observation } from './observation.ts';
import { EXPIRED } from './observation.ts';
import type { Failure, Order, Payment, State, StateKind } from './payment.ts';

export type Command =
  | { readonly kind: 'authorise'; readonly order: Order }
  | { readonly kind: 'capture' }
  | { readonly kind: 'void' }
  /** The provider said what it knows. */
  | { readonly kind: 'observe'; readonly seen: Observation }
  /** The provider will not take the amount. */
  | { readonly kind: 'refuse-capture'; readonly failure: Failure }
  /** So much of what was taken has been given back, as a refund of its own. */
  | { readonly kind: 'give-back'; readonly amount: bigint; readonly refundId: string };

export type PaymentEvent =
  | { readonly kind: 'intent-known'; readonly intent: string }
  | { readonly kind: 'action-required'; readonly intent: string }
  | { readonly kind: 'authorised'; readonly intent: string }
  | { readonly kind: 'declined'; readonly intent: string | null; readonly failure: Failure }
  | { readonly kind: 'capture-started' }
  | { readonly kind: 'captured'; readonly intent: string; readonly amount: bigint }
  | { readonly kind: 'capture-refused'; readonly failure: Failure }
  | { readonly kind: 'void-started'; readonly intent: string | null }
  | { readonly kind: 'taken-while-voiding'; readonly intent: string; readonly amount: bigint }
  | { readonly kind: 'voided' }
  | { readonly kind: 'given-back'; readonly amount: bigint; readonly refundId: string };

/** The command makes no sense in this state. */
export interface Conflict {
  readonly conflict: 'other-input' | StateKind;
}

export type Decision = readonly PaymentEvent[] | Conflict;

const NOTHING: readonly PaymentEvent[] = [];

/** What a command does to a payment that exists. No events: there is nothing left to do. */
export function decide(command: Command, payment: Payment): Decision {
  switch (command.kind) {
    case 'authorise':
      return sameOrder(command.order, payment) ? NOTHING : { conflict: 'other-input' };
    case 'capture':
      return capture(payment.state);
    case 'void':
      return voidIt(payment);
    case 'observe':
      return observe(command.seen, payment);
    case 'refuse-capture':
      return payment.state.kind === 'capturing'
        ? [{ kind: 'capture-refused', failure: command.failure }]
        : NOTHING;
    case 'give-back':
      return payment.state.kind === 'voiding' && command.amount === toGiveBack(payment)
        ? [{ kind: 'given-back', amount: command.amount, refundId: command.refundId }]
        : NOTHING;
    default:
      return command satisfies never;
  }
}

/**
 * What a void has to refund: what refunds before it have not given back. Unknown while one of them is under way, for
 * what the provider refuses of it has to be given back too.
 */
export function toGiveBack({ captured, promised, refunded }: Payment): bigint | undefined {
  return promised === refunded ? captured - refunded : undefined;
}

/** A payment voided before it was asked for answers every later question with "voided". */
function sameOrder(order: Order, payment: Payment): boolean {
  if (payment.userId === null) return true;
  return (
    order.userId === payment.userId &&
    order.amount.currency === payment.amount.currency &&
    order.amount.minor === payment.amount.minor &&
    order.method.token === payment.method.token
  );
}

function capture(state: State): Decision {
  switch (state.kind) {
    case 'authorised':
      return [{ kind: 'capture-started' }];
    case 'capturing':
    case 'captured':
      return NOTHING;
    default:
      return { conflict: state.kind };
  }
}

function voidIt({ state, captured, refunded }: Payment): Decision {
  switch (state.kind) {
    case 'authorising':
      return [{ kind: 'void-started', intent: null }];
    case 'action-required':
    case 'authorised':
    case 'capturing':
      return [{ kind: 'void-started', intent: state.intent }];
    case 'captured':
      return refunded < captured ? [{ kind: 'void-started', intent: state.intent }] : NOTHING;
    case 'declined':
    case 'voiding':
    case 'voided':
      return NOTHING;
    default:
      return state satisfies never;
  }
}

function observe(seen: Observation, payment: Payment): readonly PaymentEvent[] {
  const { state } = payment;
  switch (state.kind) {
    case 'authorising':
    case 'action-required':
      return whileAuthorising(seen, state);
    case 'authorised':
    case 'capturing':
      if (seen.kind === 'taken') return [{ kind: 'captured', intent: seen.intent, amount: seen.amount }];
      return seen.kind === 'ended' ? [{ kind: 'declined', intent: seen.intent, failure: EXPIRED }] : NOTHING;
    case 'captured':
      return NOTHING;
    case 'voiding':
      return whileVoiding(seen, payment);
    case 'declined':
    case 'voided':
      return afterTheEnd(seen, payment);
    default:
      return state satisfies never;
  }
}

function whileAuthorising(seen: Observation, state: State): readonly PaymentEvent[] {
  switch (seen.kind) {
    case 'action':
      return state.kind === 'action-required' ? NOTHING : [{ kind: 'action-required', intent: seen.intent }];
    case 'held':
      return [{ kind: 'authorised', intent: seen.intent }];
    case 'taken':
      return [
        { kind: 'authorised', intent: seen.intent },
        { kind: 'captured', intent: seen.intent, amount: seen.amount },
      ];
    case 'refused':
      return [{ kind: 'declined', intent: seen.intent, failure: seen.failure }];
    case 'ended':
      return [{ kind: 'declined', intent: seen.intent, failure: EXPIRED }];
    default:
      return seen satisfies never;
  }
}

function whileVoiding(seen: Observation, { state, captured }: Payment): readonly PaymentEvent[] {
  switch (seen.kind) {
    case 'action':
    case 'held':
      return state.kind === 'voiding' && state.intent === null
        ? [{ kind: 'intent-known', intent: seen.intent }]
        : NOTHING;
    case 'taken':
      return captured === 0n
        ? [{ kind: 'taken-while-voiding', intent: seen.intent, amount: seen.amount }]
        : NOTHING;
    case 'refused':
    case 'ended':
      return [{ kind: 'voided' }];
    default:
      return seen satisfies never;
  }
}

/** Money that turns up after we said that none is held is given back. */
function afterTheEnd(seen: Observation, { captured }: Payment): readonly PaymentEvent[] {
  const held = seen.kind === 'held' || seen.kind === 'action' || seen.kind === 'taken';
  return held && captured === 0n ? [{ kind: 'void-started', intent: seen.intent }] : NOTHING;
}
