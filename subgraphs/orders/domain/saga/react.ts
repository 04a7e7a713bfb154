import type { Reaction, SagaDefinition, SagaInput } from '@aisle/platform/saga';
import type { OrderFact } from '../order.ts';
import { insufficientStock, paymentDeclined, priceChanged, unavailable } from '../refusal.ts';
import type { OrderAnswer, OrderCommand, OrderSaga, OrderSignal } from './types.ts';
import { undo, undoing } from './undo.ts';

type Input = SagaInput<OrderSignal, OrderCommand, OrderAnswer>;
export type OrderReaction = Reaction<OrderSaga, OrderCommand, OrderFact>;

export interface SagaSettings {
  /** How long a buyer has to confirm a payment with the bank, milliseconds. */
  readonly buyerMs: number;
}

/** How often, and how far apart in milliseconds, a provider that has not decided is asked again. */
const MAX_ASKED = 15;
const ASK_AGAIN_MS = 2_000;
/** Longer than a circuit breaker stays open: a payments process that was down for a moment costs nobody their order. */
const AUTHORISE_MS = 60_000;
/** What the stock is held for beyond the time that the buyer has, seconds. */
const HOLD_MARGIN_S = 300;

/**
 * An order from placed to confirmed, or back to cancelled. Before the payment is begun what led to it is stored, so a
 * restart never reserves again behind a payment; the later steps may all be done twice and are stored together.
 */
export function orderSaga(
  settings: SagaSettings,
): SagaDefinition<OrderSaga, OrderSignal, OrderCommand, OrderAnswer, OrderFact> {
  return {
    name: 'order',
    deadlineMs: settings.buyerMs + 300_000,
    stepOf: ({ step }) => step,
    react: (state, input) => react(state, input, settings),
  };
}

function react(state: OrderSaga, input: Input, settings: SagaSettings): OrderReaction {
  if (input.kind === 'started' || input.kind === 'resumed') return present(state, settings);
  const { order, version } = state;
  switch (state.step) {
    case 'reserving': {
      if (input.kind !== 'answered') return refused(input) ?? undo(state, unavailable(), 'releasing-stock');
      const [quote, stock] = input.answers;
      if (quote?.kind === 'price-changed') return undo(state, priceChanged(quote.quoteId), 'releasing-stock');
      if (stock?.kind === 'short')
        return undo(state, insufficientStock(stock.sku, stock.available), 'releasing-stock');
      const facts: OrderFact[] = [{ type: 'QUOTE_LOCKED' }, { type: 'STOCK_RESERVED' }];
      return enter({ ...state, step: 'authorising', version: version + 2 }, settings, facts, 'now');
    }
    case 'authorising':
    case 'asking-again':
      return input.kind === 'answered'
        ? paid(state, input.answers[0], settings)
        : (refused(input) ?? undo(state, unavailable()));
    case 'settling-payment':
      if (input.kind === 'woken')
        return enter({ ...state, step: 'asking-again', asked: state.asked + 1 }, settings, []);
      return signalled(state, input, settings);
    case 'awaiting-buyer':
      if (input.kind === 'woken') return enter({ ...state, step: 'checking-buyer' }, settings, []);
      return signalled(state, input, settings);
    case 'checking-buyer':
      if (input.kind !== 'answered') return refused(input) ?? undo(state, unavailable());
      if (input.answers[0]?.kind === 'authorised') return capture(state, settings);
      return undo(state, paymentDeclined('authentication_expired', 'The payment was not confirmed in time.'));
    case 'capturing': {
      if (input.kind !== 'answered') return forward(input) ?? undo(state, unavailable());
      const answer = input.answers[0];
      if (answer?.kind === 'declined')
        return undo(state, paymentDeclined(answer.declineCode, answer.message));
      const facts: OrderFact[] = [{ type: 'PAYMENT_CAPTURED' }];
      return enter({ step: 'confirming-stock', order, version: version + 1 }, settings, facts);
    }
    case 'confirming-stock': {
      if (input.kind !== 'answered') return forward(input) ?? undo(state, unavailable());
      const answer = input.answers[0];
      if (answer?.kind === 'short') return undo(state, insufficientStock(answer.sku, answer.available));
      const facts: OrderFact[] = [{ type: 'STOCK_CONFIRMED' }, { type: 'CONFIRMED' }];
      return enter({ step: 'emptying-cart', order, version: version + 2 }, settings, facts);
    }
    case 'emptying-cart':
      // A cart that cannot be emptied keeps what was bought: a nuisance, no reason to take the order back.
      if (input.kind !== 'answered' && input.kind !== 'unanswered') return ignore(input);
      return { kind: 'complete', state: { step: 'done', order, version, cause: null } };
    case 'returning-payment':
    case 'releasing-stock':
    case 'restocking':
    case 'thawing-cart':
      return undoing(state, input, (next, facts) => enter(next, settings, facts));
    case 'done':
      return ignore(input);
    default:
      return state satisfies never;
  }
}

/** What the step that the saga is at consists of. */
function present(state: OrderSaga, settings: SagaSettings): OrderReaction {
  const { order } = state;
  const send = (commands: readonly OrderCommand[], withinMs?: number): OrderReaction => ({
    kind: 'send',
    state,
    commands,
    ...(withinMs !== undefined && { withinMs }),
  });
  switch (state.step) {
    case 'reserving': {
      const ttlSeconds = Math.ceil(settings.buyerMs / 1_000) + HOLD_MARGIN_S;
      // Neither needs the other's answer, and both are undone by what is sent when one is refused.
      return send(
        [
          { name: 'lockQuote', order },
          { name: 'reserveStock', order, ttlSeconds },
        ],
        8_000,
      );
    }
    case 'authorising':
    case 'asking-again':
    case 'checking-buyer':
      return send([{ name: 'authorisePayment', order, paymentMethod: state.paymentMethod }], AUTHORISE_MS);
    case 'settling-payment':
      return { kind: 'schedule', state, wakeInMs: ASK_AGAIN_MS };
    case 'awaiting-buyer':
      return { kind: 'schedule', state, wakeInMs: settings.buyerMs };
    case 'capturing':
      return send([{ name: 'capturePayment', order }], 60_000);
    case 'confirming-stock':
      return send([{ name: 'confirmStock', order }], 60_000);
    case 'emptying-cart':
      return send([{ name: 'completeCart', order }], 10_000);
    case 'returning-payment':
      return send([{ name: 'voidPayment', order }]);
    case 'releasing-stock':
      return send([{ name: 'releaseStock', order }]);
    case 'restocking':
      return send([{ name: 'restock', order }]);
    case 'thawing-cart':
      return send([{ name: 'releaseCart', order }], 10_000);
    case 'done':
      return { kind: 'complete', state };
    default:
      return state satisfies never;
  }
}

/** Goes to a step. `soon` unless said otherwise: what the steps ask for may be asked twice. */
function enter(
  state: OrderSaga,
  settings: SagaSettings,
  facts: readonly OrderFact[],
  commit: 'now' | 'soon' = 'soon',
): OrderReaction {
  const reaction = present(state, settings);
  return reaction.kind === 'ignore' ? reaction : { ...reaction, facts, commit };
}

type Paying = Extract<OrderSaga, { paymentMethod: string }>;

function capture({ order, version }: OrderSaga, settings: SagaSettings): OrderReaction {
  return enter({ step: 'capturing', order, version: version + 1 }, settings, [
    { type: 'PAYMENT_AUTHORISED' },
  ]);
}

function paid(state: Paying, answer: OrderAnswer | undefined, settings: SagaSettings): OrderReaction {
  const { order, version, paymentMethod } = state;
  const asked = 'asked' in state ? state.asked : 0;
  switch (answer?.kind) {
    case 'authorised':
      return capture(state, settings);
    case 'action-required': {
      const next: OrderSaga = { step: 'awaiting-buyer', order, version: version + 1, paymentMethod };
      return enter(next, settings, [{ type: 'PAYMENT_ACTION_REQUIRED' }], 'now');
    }
    case 'pending':
      if (asked >= MAX_ASKED) return undo(state, unavailable('The payment could not be settled.'));
      return enter({ step: 'settling-payment', order, version, paymentMethod, asked }, settings, [], 'now');
    case 'declined':
      // Nothing is held on the card, so there is nothing to give back.
      return undo(state, paymentDeclined(answer.declineCode, answer.message), 'releasing-stock');
    default:
      return undo(state, unavailable());
  }
}

function signalled(state: Paying, input: Input, settings: SagaSettings): OrderReaction {
  if (input.kind !== 'signalled') return refused(input) ?? ignore(input);
  const { signal } = input;
  switch (signal.kind) {
    case 'payment-authorised':
      return capture(state, settings);
    case 'payment-failed':
      return undo(state, paymentDeclined(signal.declineCode));
    case 'cancel':
      return undo(state, { kind: 'cancelled', reason: signal.reason });
    default:
      return signal satisfies never;
  }
}

const ignore = (input: Input): OrderReaction => ({
  kind: 'ignore',
  reason: `${input.kind} means nothing here`,
});

/** A signal or wake-up that has no business in a step is ignored; out of time or without an answer, it goes back. */
function refused(input: Input): OrderReaction | undefined {
  return input.kind === 'unanswered' || input.kind === 'overdue' ? undefined : ignore(input);
}

/** Once the money is being taken, being late alone is no reason to go back: only a step without an answer is. */
function forward(input: Input): OrderReaction | undefined {
  return input.kind === 'unanswered' ? undefined : ignore(input);
}
