import type { Reaction, SagaInput } from '@aisle/platform/saga';
import type { Cause, OrderFact } from '../order.ts';
import type { Refusal } from '../refusal.ts';
import type { OrderAnswer, OrderCommand, OrderSaga, OrderSignal } from './types.ts';

type OrderReaction = Reaction<OrderSaga, OrderCommand, OrderFact>;
type Undoing = Extract<OrderSaga, { hasCart: boolean }>;

/**
 * Turns round, in the reverse of the way there: payment, stock, cart. That it turned round is stored before anything is
 * given back, so that a restart does not go forward again.
 */
export function undo(
  { order, version }: OrderSaga,
  why: Refusal | Cause,
  step: 'returning-payment' | 'releasing-stock' = 'returning-payment',
): OrderReaction {
  const cause: Cause = 'kind' in why ? why : { kind: 'refused', refusal: why };
  const facts: OrderFact[] = [{ type: cause.kind === 'refused' ? 'REFUSED' : 'CANCEL_REQUESTED', cause }];
  const state: OrderSaga = { step, order, version: version + 1, cause, hasCart: true };
  return {
    kind: 'send',
    state,
    facts,
    commands: [
      step === 'returning-payment' ? { name: 'voidPayment', order } : { name: 'releaseStock', order },
    ],
    commit: 'now',
  };
}

/** The way back. Giving back is repeated until it is done, however long that takes. */
export function undoing(
  state: Undoing,
  input: SagaInput<OrderSignal, OrderCommand, OrderAnswer>,
  enter: (state: OrderSaga, facts: readonly OrderFact[]) => OrderReaction,
): OrderReaction {
  const { order, version, cause, hasCart } = state;
  const isThawing = state.step === 'thawing-cart';
  if (input.kind !== 'answered' && !(isThawing && input.kind === 'unanswered')) {
    return { kind: 'ignore', reason: `${input.kind} does not stop the way back` };
  }
  const end = (facts: readonly OrderFact[], before: number): OrderReaction => ({
    kind: 'complete',
    state: { step: 'done', order, version: before + 1, cause },
    facts: [...facts, { type: 'CANCELLED' }],
  });
  const stockReturned = (): OrderReaction => {
    const facts: OrderFact[] = [{ type: 'STOCK_RETURNED' }];
    if (!hasCart) return end(facts, version + 1);
    return enter({ step: 'thawing-cart', order, version: version + 1, cause, hasCart }, facts);
  };
  switch (state.step) {
    case 'returning-payment':
      return enter({ step: 'releasing-stock', order, version: version + 1, cause, hasCart }, [
        { type: 'PAYMENT_RETURNED' },
      ]);
    case 'releasing-stock':
      if (input.kind === 'answered' && input.answers[0]?.kind === 'sold')
        return enter({ ...state, step: 'restocking' }, []);
      return stockReturned();
    case 'restocking':
      return stockReturned();
    case 'thawing-cart':
      return end([], version);
    default:
      return state satisfies never;
  }
}
