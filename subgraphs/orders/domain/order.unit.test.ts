import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decideCancel } from './cancel.ts';
import {
  evolve,
  IllegalTransition,
  type Order,
  type OrderFact,
  type OrderState,
  statusAfter,
} from './order.ts';
import { insufficientStock } from './refusal.ts';

const cause = { kind: 'refused', refusal: insufficientStock('sku_a', 0) } as const;
const given = (state: OrderState): Order => ({
  content: {} as Order['content'],
  state,
  version: 3,
  updatedAt: 0,
});
const STATES: OrderState[] = [
  { status: 'PENDING' },
  { status: 'AWAITING_PAYMENT' },
  { status: 'CONFIRMED' },
  { status: 'CANCELLING', cause },
  { status: 'CANCELLED', cause },
  { status: 'COMPLETED' },
];
/** Which facts may follow in which status; everything else is illegal. */
const LEGAL: Record<OrderFact['type'], OrderState['status'][]> = {
  QUOTE_LOCKED: ['PENDING'],
  STOCK_RESERVED: ['PENDING'],
  PAYMENT_ACTION_REQUIRED: ['PENDING'],
  PAYMENT_AUTHORISED: ['PENDING', 'AWAITING_PAYMENT'],
  PAYMENT_CAPTURED: ['PENDING'],
  STOCK_CONFIRMED: ['PENDING'],
  CONFIRMED: ['PENDING'],
  REFUSED: ['PENDING', 'AWAITING_PAYMENT'],
  CANCEL_REQUESTED: ['PENDING', 'AWAITING_PAYMENT', 'CONFIRMED'],
  PAYMENT_RETURNED: ['CANCELLING'],
  STOCK_RETURNED: ['CANCELLING'],
  CANCELLED: ['CANCELLING'],
  COMPLETED: ['CONFIRMED'],
};

for (const [type, statuses] of Object.entries(LEGAL)) {
  test(`${type} follows ${statuses.join(' and ')} and nothing else`, () => {
    const fact = { type, cause } as OrderFact;
    for (const state of STATES) {
      if (statuses.includes(state.status)) {
        const after = evolve(given(state), fact, 7);
        assert.deepEqual([after.state.status, after.version, after.updatedAt], [statusAfter(fact), 4, 7]);
      } else {
        assert.throws(() => evolve(given(state), fact, 7), IllegalTransition);
      }
    }
  });
}

test('given where an order is, when it is cancelled, then what that means', () => {
  const meaning = (state: OrderState, expected?: number) => decideCancel(given(state), expected).kind;
  assert.deepEqual(
    STATES.map((state) => meaning(state)),
    ['settle-first', 'turn-round', 'take-back', 'already', 'already', 'refused'],
  );
  assert.equal(meaning({ status: 'CONFIRMED' }, 3), 'take-back');
  assert.equal(meaning({ status: 'CONFIRMED' }, 2), 'refused');
  // Whoever repeats a cancellation has the version of before it.
  assert.equal(meaning({ status: 'CANCELLED', cause }, 2), 'already');
});
