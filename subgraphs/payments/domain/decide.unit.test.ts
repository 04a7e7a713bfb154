import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { money } from '@aisle/platform/money';
import { type Command, decide, toGiveBack } from './decide.ts';
import { begin, beginVoided, evolve } from './evolve.ts';
import type { Observation } from './observation.ts';
import { type Order, type Payment, type State, statusOf } from './payment.ts';

const order: Order = {
  orderId: 'ord_eu_1',
  userId: 'usr_eu_1',
  region: 'eu',
  amount: money('EUR', 1_000),
  method: { token: 'pm_card_visa', customer: null },
  returnUrl: null,
};
const failure = { code: 'card_declined', message: 'no' };
const intent = 'pi_1';
const inState = (state: State, sums: Partial<Payment> = {}): Payment => ({
  ...begin('pay_eu_1', order, 1_000),
  state,
  ...sums,
});
const after = (payment: Payment, command: Command) => {
  const decision = decide(command, payment);
  return 'conflict' in decision ? decision : evolve(payment, decision, 2_000);
};
const kindAfter = (state: State, command: Command, sums: Partial<Payment> = {}) => {
  const result = after(inState(state, sums), command);
  return 'conflict' in result ? `conflict ${result.conflict}` : result.state.kind;
};

const STATES: Record<string, State> = {
  authorising: { kind: 'authorising' },
  'action-required': { kind: 'action-required', intent },
  authorised: { kind: 'authorised', intent },
  declined: { kind: 'declined', intent, failure },
  capturing: { kind: 'capturing', intent },
  captured: { kind: 'captured', intent },
  voiding: { kind: 'voiding', intent },
  voided: { kind: 'voided', intent },
};
const SEEN: Record<Observation['kind'], Observation> = {
  action: { kind: 'action', intent },
  held: { kind: 'held', intent },
  taken: { kind: 'taken', intent, amount: 1_000n },
  refused: { kind: 'refused', intent, failure },
  ended: { kind: 'ended', intent },
};

/** Every state × everything the provider can show → the state afterwards. */
const TABLE: Record<string, Record<Observation['kind'], string>> = {
  authorising: {
    action: 'action-required',
    held: 'authorised',
    taken: 'captured',
    refused: 'declined',
    ended: 'declined',
  },
  'action-required': {
    action: 'action-required',
    held: 'authorised',
    taken: 'captured',
    refused: 'declined',
    ended: 'declined',
  },
  authorised: {
    action: 'authorised',
    held: 'authorised',
    taken: 'captured',
    refused: 'authorised',
    ended: 'declined',
  },
  declined: { action: 'voiding', held: 'voiding', taken: 'voiding', refused: 'declined', ended: 'declined' },
  capturing: {
    action: 'capturing',
    held: 'capturing',
    taken: 'captured',
    refused: 'capturing',
    ended: 'declined',
  },
  captured: {
    action: 'captured',
    held: 'captured',
    taken: 'captured',
    refused: 'captured',
    ended: 'captured',
  },
  voiding: { action: 'voiding', held: 'voiding', taken: 'voiding', refused: 'voided', ended: 'voided' },
  voided: { action: 'voiding', held: 'voiding', taken: 'voiding', refused: 'voided', ended: 'voided' },
};

describe('what the provider shows', () => {
  for (const [name, row] of Object.entries(TABLE)) {
    for (const [seen, expected] of Object.entries(row)) {
      test(`${name} + ${seen} → ${expected}`, () => {
        assert.equal(
          kindAfter(STATES[name]!, { kind: 'observe', seen: SEEN[seen as Observation['kind']] }),
          expected,
        );
      });
    }
  }

  test('the same message twice changes nothing the second time', () => {
    for (const state of Object.values(STATES)) {
      for (const seen of Object.values(SEEN)) {
        const once = after(inState(state), { kind: 'observe', seen });
        assert.ok(!('conflict' in once));
        // A void that goes on may learn something from each message.
        if (once.state.kind !== 'voiding') assert.deepEqual(decide({ kind: 'observe', seen }, once), []);
      }
    }
  });

  test('any order of messages ends with the books equal to the provider', () => {
    const messages = [SEEN.action, SEEN.held, SEEN.taken];
    for (const first of messages)
      for (const second of messages)
        for (const third of messages) {
          const end = [first, second, third].reduce(
            (payment, seen) => {
              const next = after(payment, { kind: 'observe', seen });
              return 'conflict' in next ? payment : next;
            },
            inState({ kind: 'authorising' }),
          );
          const taken = [first, second, third].includes(SEEN.taken);
          if (taken) assert.deepEqual([end.state.kind, end.captured], ['captured', 1_000n]);
        }
  });
});

describe('capture', () => {
  const expected = {
    authorising: 'conflict authorising',
    'action-required': 'conflict action-required',
    authorised: 'capturing',
    declined: 'conflict declined',
    capturing: 'capturing',
    captured: 'captured',
    voiding: 'conflict voiding',
    voided: 'conflict voided',
  };
  for (const [name, result] of Object.entries(expected)) {
    test(`${name} → ${result}`, () => assert.equal(kindAfter(STATES[name]!, { kind: 'capture' }), result));
  }

  test('refused: still held, with the reason', () => {
    const result = after(inState(STATES.capturing!), { kind: 'refuse-capture', failure });
    assert.deepEqual('state' in result && result.state, { kind: 'authorised', intent, failure });
  });
});

describe('void', () => {
  const expected = {
    authorising: 'voiding',
    'action-required': 'voiding',
    authorised: 'voiding',
    declined: 'declined',
    capturing: 'voiding',
    voiding: 'voiding',
    voided: 'voided',
  };
  for (const [name, result] of Object.entries(expected)) {
    test(`${name} → ${result}`, () => assert.equal(kindAfter(STATES[name]!, { kind: 'void' }), result));
  }

  test('what was taken is given back, less what refunds have given, once none of them is under way', () => {
    const taken = inState(STATES.captured!, { captured: 1_000n, refunded: 300n, promised: 400n });
    const voiding = after(taken, { kind: 'void' });
    assert.ok('state' in voiding && voiding.state.kind === 'voiding');
    assert.equal(toGiveBack(voiding), undefined);
    const settled = { ...voiding, refunded: 400n };
    assert.equal(toGiveBack(settled), 600n);
    const other = after(settled, { kind: 'give-back', amount: 700n, refundId: 'rfd_eu_1' });
    assert.equal('state' in other && other.state.kind, 'voiding', 'another amount was not what was left');
    const done = after(settled, { kind: 'give-back', amount: 600n, refundId: 'rfd_eu_1' });
    assert.ok('state' in done);
    assert.deepEqual([done.state.kind, done.refunded, done.promised], ['voided', 1_000n, 1_000n]);
    assert.equal(statusOf(done), 'REFUNDED');
  });

  test('what has been given back whole stays as it is', () => {
    assert.equal(
      kindAfter(STATES.captured!, { kind: 'void' }, { captured: 1_000n, refunded: 1_000n, promised: 1_000n }),
      'captured',
    );
  });

  test('money that arrives while voiding is remembered, so that it is refunded', () => {
    const result = after(inState({ kind: 'voiding', intent: null }), { kind: 'observe', seen: SEEN.taken });
    assert.ok('state' in result);
    assert.deepEqual([result.state, result.captured], [{ kind: 'voiding', intent }, 1_000n]);
  });

  test('an unknown authorisation that shows up while voiding is known from then on', () => {
    const result = after(inState({ kind: 'voiding', intent: null }), { kind: 'observe', seen: SEEN.held });
    assert.deepEqual('state' in result && result.state, { kind: 'voiding', intent });
  });
});

describe('authorise again', () => {
  test('the same order: nothing; another amount, card or buyer: refused', () => {
    const payment = inState(STATES.authorised!);
    assert.deepEqual(decide({ kind: 'authorise', order }, payment), []);
    for (const change of [
      { amount: money('EUR', 1) },
      { userId: 'usr_eu_2' },
      { method: { token: 'pm_x', customer: null } },
    ]) {
      assert.deepEqual(decide({ kind: 'authorise', order: { ...order, ...change } }, payment), {
        conflict: 'other-input',
      });
    }
  });

  test('after a void that came first: voided, whatever is asked', () => {
    const voided = beginVoided('pay_eu_1', order, 'EUR', 1_000);
    assert.deepEqual(decide({ kind: 'authorise', order }, voided), []);
    assert.equal(statusOf(voided), 'VOIDED');
  });
});

test('every change is one version on, and none is none', () => {
  const payment = inState(STATES.authorised!);
  const next = after(payment, { kind: 'capture' });
  assert.ok('state' in next);
  assert.deepEqual([next.version, next.updatedAt], [payment.version + 1, 2_000]);
  assert.equal(evolve(payment, [], 9_000), payment);
});
