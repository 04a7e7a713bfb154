import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SagaInput } from '@aisle/platform/saga';
import { type OrderReaction, orderSaga } from './react.ts';
import type { OrderAnswer, OrderCommand, OrderSaga, OrderSignal, SagaOrder } from './types.ts';

type Input = SagaInput<OrderSignal, OrderCommand, OrderAnswer>;

const order: SagaOrder = {
  ...{ id: 'ord_eu_1', userId: 'usr_eu_a', region: 'eu', currency: 'EUR', total: 540 },
  ...{ cartId: 'crt_eu_1', quoteId: 'quo_eu_1', lines: [{ sku: 'sku_a', quantity: 2 }] },
};
const cause = { kind: 'cancelled', reason: null } as const;
const saga = orderSaga({ buyerMs: 600_000 });
const at = <Step extends OrderSaga['step']>(step: Step): OrderSaga =>
  ({
    step,
    order,
    version: 1,
    paymentMethod: 'pm_ok',
    asked: 0,
    cause,
    hasCart: true,
  }) as unknown as OrderSaga;
const answers = (...kinds: (OrderAnswer['kind'] | OrderAnswer)[]): Input => ({
  kind: 'answered',
  answers: kinds.map((kind) => (typeof kind === 'string' ? ({ kind } as OrderAnswer) : kind)),
});
const unanswered: Input = { kind: 'unanswered', commands: [] };
const signal = (given: OrderSignal): Input => ({ kind: 'signalled', signal: given });

/** What a reaction comes to, in short: what is done, where it leads, what it sends, what became true. */
function short(reaction: OrderReaction) {
  if (reaction.kind === 'ignore') return 'ignored';
  const sent = reaction.kind === 'send' ? reaction.commands.map(({ name }) => name) : [];
  const facts = (reaction.facts ?? []).map(({ type }) => type);
  return [reaction.kind, reaction.state.step, sent.join('+'), facts.join('+'), reaction.commit ?? 'now'].join(
    ' | ',
  );
}

const SPECS: [given: OrderSaga['step'], when: string, input: Input, then: string][] = [
  ['reserving', 'it starts', { kind: 'started' }, 'send | reserving | lockQuote+reserveStock |  | now'],
  [
    'reserving',
    'both are done',
    answers('done', 'done'),
    'send | authorising | authorisePayment | QUOTE_LOCKED+STOCK_RESERVED | now',
  ],
  [
    'reserving',
    'the price changed',
    answers({ kind: 'price-changed', quoteId: 'quo_eu_2' }, 'done'),
    'send | releasing-stock | releaseStock | REFUSED | now',
  ],
  [
    'reserving',
    'stock is short',
    answers('done', { kind: 'short', sku: 'sku_a', available: 1 }),
    'send | releasing-stock | releaseStock | REFUSED | now',
  ],
  ['reserving', 'nobody answers', unanswered, 'send | releasing-stock | releaseStock | REFUSED | now'],
  [
    'reserving',
    'it takes too long',
    { kind: 'overdue' },
    'send | releasing-stock | releaseStock | REFUSED | now',
  ],
  [
    'authorising',
    'the card is fine',
    answers('authorised'),
    'send | capturing | capturePayment | PAYMENT_AUTHORISED | soon',
  ],
  [
    'authorising',
    'the bank wants the buyer',
    answers('action-required'),
    'schedule | awaiting-buyer |  | PAYMENT_ACTION_REQUIRED | now',
  ],
  [
    'authorising',
    'the card is declined',
    answers({ kind: 'declined', declineCode: 'x', message: 'y' }),
    'send | releasing-stock | releaseStock | REFUSED | now',
  ],
  [
    'authorising',
    'the provider has not decided',
    answers('pending'),
    'schedule | settling-payment |  |  | now',
  ],
  ['authorising', 'nobody answers', unanswered, 'send | returning-payment | voidPayment | REFUSED | now'],
  [
    'settling-payment',
    'the pause is over',
    { kind: 'woken' },
    'send | asking-again | authorisePayment |  | soon',
  ],
  [
    'asking-again',
    'it is fine now',
    answers('authorised'),
    'send | capturing | capturePayment | PAYMENT_AUTHORISED | soon',
  ],
  ['asking-again', 'still not decided', answers('pending'), 'schedule | settling-payment |  |  | now'],
  [
    'awaiting-buyer',
    'the buyer confirms',
    signal({ kind: 'payment-authorised' }),
    'send | capturing | capturePayment | PAYMENT_AUTHORISED | soon',
  ],
  [
    'awaiting-buyer',
    'the bank refuses',
    signal({ kind: 'payment-failed', declineCode: 'x' }),
    'send | returning-payment | voidPayment | REFUSED | now',
  ],
  [
    'awaiting-buyer',
    'the buyer cancels',
    signal({ kind: 'cancel', reason: 'why' }),
    'send | returning-payment | voidPayment | CANCEL_REQUESTED | now',
  ],
  [
    'awaiting-buyer',
    'the time is over',
    { kind: 'woken' },
    'send | checking-buyer | authorisePayment |  | soon',
  ],
  [
    'checking-buyer',
    'only the message was lost',
    answers('authorised'),
    'send | capturing | capturePayment | PAYMENT_AUTHORISED | soon',
  ],
  [
    'checking-buyer',
    'the buyer did not',
    answers('action-required'),
    'send | returning-payment | voidPayment | REFUSED | now',
  ],
  [
    'capturing',
    'it is taken',
    answers('done'),
    'send | confirming-stock | confirmStock | PAYMENT_CAPTURED | soon',
  ],
  [
    'capturing',
    'it is refused',
    answers({ kind: 'declined', declineCode: 'x', message: 'y' }),
    'send | returning-payment | voidPayment | REFUSED | now',
  ],
  ['capturing', 'it takes too long', { kind: 'overdue' }, 'ignored'],
  ['capturing', 'a signal comes late', signal({ kind: 'payment-authorised' }), 'ignored'],
  [
    'confirming-stock',
    'it is sold',
    answers('done'),
    'send | emptying-cart | completeCart | STOCK_CONFIRMED+CONFIRMED | soon',
  ],
  [
    'confirming-stock',
    'the hold is gone',
    answers({ kind: 'short', sku: 'sku_a', available: 0 }),
    'send | returning-payment | voidPayment | REFUSED | now',
  ],
  ['emptying-cart', 'it is empty', answers('done'), 'complete | done |  |  | now'],
  ['emptying-cart', 'nobody answers', unanswered, 'complete | done |  |  | now'],
  [
    'returning-payment',
    'it is returned',
    answers('done'),
    'send | releasing-stock | releaseStock | PAYMENT_RETURNED | soon',
  ],
  ['returning-payment', 'it takes too long', { kind: 'overdue' }, 'ignored'],
  [
    'releasing-stock',
    'it is free',
    answers('done'),
    'send | thawing-cart | releaseCart | STOCK_RETURNED | soon',
  ],
  ['releasing-stock', 'it was sold', answers('sold'), 'send | restocking | restock |  | soon'],
  ['restocking', 'it is back', answers('done'), 'send | thawing-cart | releaseCart | STOCK_RETURNED | soon'],
  ['thawing-cart', 'it is thawed', answers('done'), 'complete | done |  | CANCELLED | now'],
  ['thawing-cart', 'nobody answers', unanswered, 'complete | done |  | CANCELLED | now'],
];

for (const [given, when, input, then] of SPECS) {
  test(`given ${given}, when ${when}, then ${then}`, () =>
    assert.equal(short(saga.react(at(given), input)), then));
}

test('every fact counts in the version', () => {
  for (const [given, , input] of SPECS) {
    const reaction = saga.react(at(given), input);
    if (reaction.kind === 'ignore') continue;
    assert.equal(reaction.state.version, 1 + (reaction.facts?.length ?? 0), given);
  }
});

test('a provider that never decides is not asked for ever', () => {
  const state = { ...at('asking-again'), asked: 15 } as OrderSaga;
  assert.equal(
    short(saga.react(state, answers('pending'))),
    'send | returning-payment | voidPayment | REFUSED | now',
  );
});

test('an order that was paid is taken back without its cart', () => {
  const state = { ...at('restocking'), hasCart: false } as OrderSaga;
  assert.equal(
    short(saga.react(state, answers('done'))),
    'complete | done |  | STOCK_RETURNED+CANCELLED | now',
  );
});

test('the payment method is forgotten as soon as the card was charged', () => {
  const reaction = saga.react(at('authorising'), answers('authorised'));
  assert.ok(!JSON.stringify(reaction).includes('pm_ok'));
});
