import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Cart, emptyCart, FREEZE_MS, isCheckingOut, itemCount } from './cart.ts';
import { type Command, decide } from './decide.ts';
import { cartIdOf, sameKey } from './identity.ts';

const NOW = 1_000_000;
const empty = emptyCart('crt_eu_x', 'usr_eu_x', 'eu');

/** The cart after commands of which none is refused. */
function given(...commands: Command[]): Cart {
  return commands.reduce((cart, command) => {
    const decision = decide(command, cart, NOW);
    assert.notEqual(decision.type, 'refused');
    return decision.type === 'refused' ? cart : decision.cart;
  }, empty);
}
const when = (cart: Cart, command: Command, now = NOW) => decide(command, cart, now);
const add = (sku: string, quantity = 1): Command => ({ type: 'add', sku, quantity });
const freeze = (orderId: string): Command => ({ type: 'freeze', orderId, owner: empty.owner });
const codeOf = (decision: ReturnType<typeof decide>) =>
  decision.type === 'refused' ? decision.refusal.code : decision.type;

describe('lines', () => {
  test('adding raises the version, and the revision with it', () => {
    const cart = given(add('sku_aaaa', 2), add('sku_bbbb'), add('sku_aaaa'));
    assert.deepEqual([cart.version, cart.revision, itemCount(cart)], [3, 3, 4]);
    assert.deepEqual(
      cart.lines.map(({ sku }) => sku),
      ['sku_aaaa', 'sku_bbbb'],
    );
  });
  test('what changes nothing is no change', () => {
    const cart = given(add('sku_aaaa', 2));
    for (const command of [
      { type: 'set', sku: 'sku_aaaa', quantity: 2 },
      { type: 'remove', sku: 'sku_bbbb' },
      { type: 'release', orderId: 'o' },
      { type: 'complete', orderId: 'o' },
    ] as const)
      assert.equal(codeOf(when(cart, command)), 'unchanged');
    assert.equal(codeOf(when(empty, { type: 'clear' })), 'unchanged');
  });
  test('an expected version that is not the current one is a conflict', () => {
    assert.equal(
      codeOf(when(given(add('sku_aaaa')), { type: 'clear', expectedVersion: 0 })),
      'VERSION_CONFLICT',
    );
  });
  test('no history of commands makes a cart that breaks its limits or goes back in version', () => {
    const sku = fc.nat(120).map((n) => `sku_${n}`);
    const command: fc.Arbitrary<Command> = fc.oneof(
      {
        weight: 5,
        arbitrary: fc.record({
          type: fc.constant('add' as const),
          sku,
          quantity: fc.integer({ min: -5, max: 120 }),
        }),
      },
      fc.record({ type: fc.constant('set' as const), sku, quantity: fc.integer({ min: -5, max: 120 }) }),
      fc.record({ type: fc.constant('remove' as const), sku }),
      fc.record({
        type: fc.constant('takeIn' as const),
        guest: fc.record({
          id: fc.constantFrom('crt_eu_g1', 'crt_eu_g2'),
          version: fc.nat(9),
          merged: fc.array(
            fc.nat(9).map((version) => `crt_eu_g1@${version}`),
            { maxLength: 3 },
          ),
          lines: fc
            .uniqueArray(sku, { maxLength: 100 })
            .map((skus) => skus.map((one) => ({ sku: one, quantity: 60, addedAt: 1 }))),
        }),
      }),
      fc.record({
        type: fc.constant('freeze' as const),
        orderId: fc.constantFrom('o1', 'o2'),
        owner: fc.constant(empty.owner),
      }),
      fc.record({
        type: fc.constantFrom('release' as const, 'complete' as const),
        orderId: fc.constantFrom('o1', 'o2'),
      }),
    );
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (history) => {
        let cart = empty;
        for (const one of history) {
          const decision = decide(one, cart, NOW);
          if (decision.type === 'refused') continue;
          if (decision.type === 'changed') assert.equal(decision.cart.revision, cart.revision + 1);
          assert.ok(decision.cart.version >= cart.version);
          cart = decision.cart;
          assert.ok(
            cart.lines.length <= 100 && cart.lines.every(({ quantity }) => quantity >= 1 && quantity <= 99),
          );
          assert.equal(new Set(cart.lines.map((line) => line.sku)).size, cart.lines.length);
        }
      }),
    );
  });
});

describe('checkout', () => {
  test('freezing again for the same order is no change; for another it is refused', () => {
    const cart = given(add('sku_aaaa'), freeze('o1'));
    assert.equal(codeOf(when(cart, freeze('o1'))), 'unchanged');
    assert.equal(codeOf(when(cart, freeze('o2'))), 'VERSION_CONFLICT');
    assert.equal(codeOf(when(cart, freeze('o2'), NOW + FREEZE_MS)), 'changed');
  });
  test('freezing does not change the version, so the quote stays', () => {
    assert.equal(given(add('sku_aaaa'), freeze('o1')).version, 1);
  });
  test('a change thaws, and completing takes out exactly what the order took', () => {
    const cart = given(
      add('sku_aaaa', 3),
      add('sku_bbbb'),
      freeze('o1'),
      { type: 'set', sku: 'sku_aaaa', quantity: 5 },
      add('sku_cccc'),
    );
    assert.equal(isCheckingOut(cart, NOW), false);
    const after = when(cart, { type: 'complete', orderId: 'o1' });
    assert.ok(after.type === 'changed');
    assert.deepEqual(
      after.cart.lines.map(({ sku, quantity }) => [sku, quantity]),
      [
        ['sku_aaaa', 2],
        ['sku_cccc', 1],
      ],
    );
    assert.equal(after.cart.checkout, null);
  });
  test('an empty cart and another owner’s are refused', () => {
    assert.equal(codeOf(when(empty, freeze('o1'))), 'EMPTY_CART');
    assert.equal(
      codeOf(when(given(add('sku_aaaa')), { type: 'freeze', orderId: 'o1', owner: 'usr_eu_else' })),
      'NOT_FOUND',
    );
  });
});

test('a cart’s id follows from owner and region; keys are compared as a whole', () => {
  assert.equal(cartIdOf('usr_eu_a', 'eu'), cartIdOf('usr_eu_a', 'eu'));
  assert.match(cartIdOf('usr_eu_a', 'eu'), /^crt_eu_[0-9a-f]{26}$/);
  assert.notEqual(cartIdOf('usr_eu_a', 'eu'), cartIdOf('usr_eu_a', 'us'));
  assert.deepEqual(
    [sameKey('k', 'k'), sameKey('', null), sameKey('', ''), sameKey('k', 'kk')],
    [true, false, true, false],
  );
});
