import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { service } from '@aisle/platform/identity';
import { eventsOf, type Harness, newOrder, startPayments } from './harness.ts';

let pay: Harness;
before(async () => {
  pay = await startPayments();
});
after(() => pay.stop());

describe('the test cards', () => {
  test('a good card is held, then taken, once', async () => {
    const order = newOrder();
    const held = await pay.authorise(order, 'pm_card_visa');
    assert.deepEqual([held.payment.status, held.errors], ['AUTHORISED', []]);
    assert.deepEqual(held.payment.amount, { currency: 'EUR', minor: 2_599 });
    const taken = await pay.capture(order);
    assert.deepEqual(
      [taken.payment.status, taken.payment.captured.minor, taken.errors],
      ['CAPTURED', 2_599, []],
    );
    assert.equal((await pay.capture(order)).payment.status, 'CAPTURED');
    const { captures, held: left, captured } = await pay.atPsp(order);
    assert.deepEqual([captures, left, captured], [1, 0, 2_599]);
    assert.deepEqual(await eventsOf(pay, order), ['PaymentCompleted']);
  });

  for (const [token, code] of [
    ['pm_card_chargeDeclined', 'card_declined'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
    ['pm_card_expired', 'expired_card'],
    ['pm_card_chargeCustomerFail', 'card_declined'],
    ['pm_doesnotexist', 'resource_missing'],
  ] as const) {
    test(`${token} is declined with ${code}, and nothing is held`, async () => {
      const order = newOrder();
      const answer = await pay.authorise(order, token);
      assert.deepEqual(
        [answer.payment.status, answer.payment.failure.code, answer.errors],
        ['DECLINED', code, []],
      );
      assert.equal((await pay.atPsp(order)).held, 0);
      assert.deepEqual(await eventsOf(pay, order), ['PaymentFailed']);
      const capture = await pay.capture(order);
      assert.equal(capture.errors[0].__typename, 'PaymentStateConflict');
      assert.equal((await pay.void(order)).payment.status, 'DECLINED');
    });
  }

  test('a card that asks its owner: action, then held after approval, found by the sweeper', async () => {
    const order = newOrder();
    const waiting = await pay.authorise(order, 'pm_card_authenticationRequired', {
      returnUrl: 'https://shop.example/back',
    });
    assert.equal(waiting.payment.status, 'REQUIRES_ACTION');
    const { url, clientSecret } = waiting.payment.nextAction;
    assert.ok(url.endsWith(clientSecret));
    const back = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'approve' }),
      redirect: 'manual',
    });
    assert.equal(back.status, 303);
    assert.match(back.headers.get('location') ?? '', /^https:\/\/shop\.example\/back\?payment_intent=pi_/);
    await pay.sweep(60_000);
    assert.deepEqual(await eventsOf(pay, order), ['PaymentAuthorised']);
    assert.equal((await pay.authorise(order, 'pm_card_authenticationRequired')).payment.status, 'AUTHORISED');
    assert.equal((await pay.capture(order)).payment.status, 'CAPTURED');
  });

  test('a card that asks its owner, who says no', async () => {
    const order = newOrder();
    const { payment } = await pay.authorise(order, 'pm_card_authenticationRequired');
    await fetch(payment.nextAction.url, {
      method: 'POST',
      body: new URLSearchParams({ decision: 'decline' }),
    });
    await pay.sweep(60_000);
    assert.deepEqual(await eventsOf(pay, order), ['PaymentFailed']);
    assert.equal(
      (await pay.authorise(order, 'pm_card_authenticationRequired')).payment.failure.code,
      'payment_intent_authentication_failure',
    );
  });

  test('a lost reply is settled in the same command: held once', async () => {
    const order = newOrder();
    assert.equal((await pay.authorise(order, 'pm_card_lostReply')).payment.status, 'AUTHORISED');
    assert.equal((await pay.atPsp(order)).intents.length, 1);
  });

  test('a time-out after the charge is settled with the same key: held once', async () => {
    const order = newOrder();
    assert.equal((await pay.authorise(order, 'pm_card_timeout')).payment.status, 'AUTHORISED');
    assert.equal((await pay.atPsp(order)).intents.length, 1);
  });

  test('a time-out before the charge: held once', async () => {
    const order = newOrder();
    assert.equal((await pay.authorise(order, 'pm_card_timeoutNoCharge')).payment.status, 'AUTHORISED');
    assert.equal((await pay.atPsp(order)).intents.length, 1);
  });

  for (const token of ['pm_card_captureLostReply', 'pm_card_captureTimeout']) {
    test(`${token}: taken once`, async () => {
      const order = newOrder();
      await pay.authorise(order, token);
      assert.equal((await pay.capture(order)).payment.status, 'CAPTURED');
      assert.equal((await pay.atPsp(order)).captures, 1);
      assert.deepEqual(await eventsOf(pay, order), ['PaymentCompleted']);
    });
  }

  test('a capture that the provider refuses leaves the hold, which a void ends', async () => {
    const order = newOrder();
    await pay.authorise(order, 'pm_card_captureFails');
    const refused = await pay.capture(order);
    assert.equal(refused.errors[0].__typename, 'CaptureRefused');
    assert.deepEqual(
      [refused.payment.status, refused.payment.failure.code],
      ['AUTHORISED', 'capture_charge_authorization_expired'],
    );
    assert.deepEqual(await eventsOf(pay, order), ['PaymentFailed']);
    assert.equal((await pay.void(order)).payment.status, 'VOIDED');
    assert.equal((await pay.atPsp(order)).held, 0);
  });

  test('a slow card is only slow', async () => {
    assert.equal((await pay.authorise(newOrder(), 'pm_card_slow')).payment.status, 'AUTHORISED');
  });
});

describe('void', () => {
  test('ends a hold; twice is once; a capture afterwards is refused', async () => {
    const order = newOrder();
    await pay.authorise(order, 'pm_card_visa');
    for (let i = 0; i < 2; i++) assert.equal((await pay.void(order)).payment.status, 'VOIDED');
    assert.equal((await pay.atPsp(order)).intents[0]?.status, 'canceled');
    assert.equal((await pay.capture(order)).errors[0].__typename, 'PaymentStateConflict');
  });

  test('after a capture it is a refund', async () => {
    const order = newOrder();
    await pay.authorise(order, 'pm_card_visa');
    await pay.capture(order);
    await pay.refund(order, 599, 'half');
    const { payment } = await pay.void(order);
    assert.deepEqual(
      [payment.status, payment.captured.minor, payment.refunded.minor],
      ['REFUNDED', 2_599, 2_599],
    );
    assert.equal((await pay.atPsp(order)).refunded, 2_599);
    assert.deepEqual(await eventsOf(pay, order), ['PaymentCompleted', 'RefundIssued', 'RefundIssued']);
    assert.equal((await pay.void(order)).payment.status, 'REFUNDED');
    assert.equal((await pay.atPsp(order)).refunded, 2_599);
  });

  test('before the authorisation arrives: whatever comes later finds it voided', async () => {
    const order = newOrder();
    assert.equal((await pay.void(order)).payment.status, 'VOIDED');
    assert.equal((await pay.authorise(order, 'pm_card_visa')).payment.status, 'VOIDED');
    assert.equal((await pay.atPsp(order)).intents.length, 0);
  });

  test('while the authorisation is under way: nothing stays held', async () => {
    for (const token of ['pm_card_slow', 'pm_card_timeout', 'pm_card_lostReply', 'pm_card_visa']) {
      const order = newOrder();
      const authorised = pay.authorise(order, token);
      await new Promise((resolve) => setImmediate(resolve));
      const voided = await pay.void(order);
      await authorised;
      assert.ok(['VOIDED', 'PENDING'].includes(voided.payment.status), voided.payment.status);
      await pay.sweep(60_000);
      assert.equal((await pay.void(order)).payment.status, 'VOIDED', token);
      const { held, captured } = await pay.atPsp(order);
      assert.deepEqual([held, captured], [0, 0], token);
    }
  });

  test('its own reply lost: still voided', async () => {
    const order = newOrder();
    await pay.authorise(order, 'pm_card_voidLostReply');
    assert.equal((await pay.void(order)).payment.status, 'VOIDED');
  });
});

describe('refund', () => {
  test('parts up to what was taken, each key once', async () => {
    const order = newOrder();
    await pay.authorise(order, 'pm_card_visa');
    assert.equal((await pay.refund(order, 100, 'early')).errors[0].__typename, 'PaymentStateConflict');
    await pay.capture(order);
    const first = await pay.refund(order, 1_000, 'one');
    assert.deepEqual([first.payment.status, first.payment.refunded.minor], ['PARTIALLY_REFUNDED', 1_000]);
    assert.equal((await pay.refund(order, 1_000, 'one')).payment.refunded.minor, 1_000);
    assert.equal((await pay.refund(order, 999, 'one')).errors[0].__typename, 'IdempotencyKeyReused');
    assert.equal((await pay.refund(order, 1_600, 'two')).errors[0].__typename, 'RefundTooLarge');
    const last = await pay.refund(order, 1_599, 'two');
    assert.deepEqual([last.payment.status, last.payment.refunds.length], ['REFUNDED', 2]);
    assert.deepEqual(await eventsOf(pay, order), ['PaymentCompleted', 'RefundIssued', 'RefundIssued']);
  });

  test('twenty at once with one key are one refund; with twenty keys never more than was taken', async () => {
    const order = newOrder();
    await pay.authorise(order, 'pm_card_visa');
    await pay.capture(order);
    await Promise.all(Array.from({ length: 20 }, () => pay.refund(order, 100, 'same')));
    assert.equal((await pay.atPsp(order)).refunded, 100);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) => pay.refund(order, 1_000, `key${i}`)),
    );
    assert.equal(answers.filter((answer) => answer.errors.length === 0).length, 2);
    assert.equal((await pay.atPsp(order)).refunded, 2_100);
  });

  test('a lost reply is one refund; a refusal frees the amount again', async () => {
    const lost = newOrder();
    await pay.authorise(lost, 'pm_card_refundLostReply');
    await pay.capture(lost);
    assert.equal((await pay.refund(lost, 500, 'a')).payment.refunded.minor, 500);
    assert.equal((await pay.atPsp(lost)).refunded, 500);
    const refused = newOrder();
    await pay.authorise(refused, 'pm_card_refundFails');
    await pay.capture(refused);
    const answer = await pay.refund(refused, 500, 'a');
    assert.equal(answer.errors[0].__typename, 'RefundRefused');
    assert.deepEqual([answer.payment.status, answer.payment.refunds[0].status], ['CAPTURED', 'FAILED']);
  });
});

describe('bad input changes nothing', () => {
  const bad: [string, Record<string, unknown>, string, string?][] = [
    ['a card number as the token', { paymentMethod: '4242424242424242' }, 'InvalidInput'],
    [
      'a card number with spaces, in the return URL',
      { returnUrl: 'https://shop.example/?c=4242 4242 4242 4242' },
      'InvalidInput',
    ],
    [
      'a card number in full-width digits',
      { paymentMethod: '４２４２４２４２４２４２４２４２' },
      'InvalidInput',
    ],
    ['something that is no token', { paymentMethod: 'tok_visa' }, 'InvalidInput'],
    ['an amount of nothing', { amount: { currency: 'EUR', minor: 0 } }, 'InvalidInput'],
    ['a negative amount', { amount: { currency: 'EUR', minor: -5 } }, 'InvalidInput'],
    ['a huge amount', { amount: { currency: 'EUR', minor: 9_007_199_254_740_991 } }, 'InvalidInput'],
    ['another currency', { amount: { currency: 'USD', minor: 100 } }, 'InvalidInput'],
    ['another region', { region: 'US' }, 'InvalidInput'],
    ['a buyer of another region', { userId: 'usr_us_01jtestbuyer0001' }, 'InvalidInput'],
    ['a javascript URL', { returnUrl: 'javascript:alert(1)' }, 'InvalidInput'],
    ["somebody else's saved card", { paymentMethod: 'pmt_eu_01jnobodyhasthis' }, 'NotFound'],
  ];
  for (const [what, more, type] of bad) {
    test(what, async () => {
      const order = newOrder();
      const answer = await pay.authorise(order, 'pm_card_visa', more);
      assert.equal(answer.errors[0].__typename, type);
      assert.equal(answer.payment, null);
      assert.equal(await pay.ports.payments.find(order), undefined);
      assert.equal((await pay.atPsp(order)).intents.length, 0);
    });
  }

  test('no card number reached a store, a log line or the provider', async () => {
    const rows = await pay.subgraph.platform
      .databases()
      .of('eu')
      .query(
        'SELECT p::text AS row FROM payments p UNION ALL SELECT a::text FROM attempts a UNION ALL SELECT event FROM outbox',
      );
    const everything =
      JSON.stringify(rows) +
      pay.lines.join('') +
      JSON.stringify(await (await fetch(`${pay.kit.psp.url}/_test/state`)).json());
    assert.doesNotMatch(everything, /4242 ?4242 ?4242 ?4242|４２４２/);
  });

  test('the same order with another amount or card', async () => {
    const order = newOrder();
    await pay.authorise(order, 'pm_card_visa');
    const amount = { currency: 'EUR', minor: 1 };
    assert.equal(
      (await pay.authorise(order, 'pm_card_visa', { amount })).errors[0].__typename,
      'IdempotencyKeyReused',
    );
    assert.equal(
      (await pay.authorise(order, 'pm_card_mastercard')).errors[0].__typename,
      'IdempotencyKeyReused',
    );
  });

  test('an order without a payment, or of a malformed id', async () => {
    assert.equal((await pay.capture(newOrder())).errors[0].__typename, 'NotFound');
    assert.equal((await pay.refund(newOrder(), 1, 'k')).errors[0].__typename, 'NotFound');
    assert.equal((await pay.capture('ord_eu_../../x')).errors[0].__typename, 'InvalidInput');
  });

  test('anyone but orders is refused', async () => {
    const input = { orderId: newOrder(), region: 'EU' };
    const query =
      'mutation ($input: PaymentOrderInput!) { capturePayment(input: $input) { errors { code } } }';
    const buyer = {
      kind: 'user',
      subject: 'usr_eu_01jtestbuyer0001',
      roles: ['customer', 'admin'],
      region: 'eu',
    } as const;
    for (const caller of [buyer, service('cart')]) {
      const { errors } = await pay.run(query, { input }, caller);
      assert.equal(errors[0].extensions.code, 'FORBIDDEN');
    }
  });
});

test('twenty authorisations and twenty captures at once for one order: one charge, equal answers', async () => {
  for (const token of ['pm_card_visa', 'pm_card_slow', 'pm_card_lostReply']) {
    const order = newOrder();
    const held = await Promise.all(Array.from({ length: 20 }, () => pay.authorise(order, token)));
    assert.deepEqual(new Set(held.map(({ payment }) => `${payment.id} ${payment.status}`)).size, 1);
    assert.equal(held[0].payment.status, 'AUTHORISED');
    const taken = await Promise.all(Array.from({ length: 20 }, () => pay.capture(order)));
    assert.ok(taken.every(({ payment }) => payment.status === 'CAPTURED'));
    const { intents, captures, captured } = await pay.atPsp(order);
    assert.deepEqual([intents.length, captures, captured], [1, 1, 2_599]);
    assert.deepEqual(await eventsOf(pay, order), ['PaymentCompleted']);
  }
});
