import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { KEY, type TestPsp, testPsp } from '../../../local/psp/test/kit.ts';
import { until } from '../../../test/testkit/index.ts';
import { begin } from '../domain/evolve.ts';
import { intentOf, type Payment } from '../domain/payment.ts';
import { type PaymentProvider, ProviderError } from '../store/provider.ts';
import { stripeProvider } from '../store/stripe-provider.ts';
import { newOrder, USER } from './harness.ts';

let kit: TestPsp;
before(async () => {
  kit = await testPsp();
});
after(() => kit.stop());

/** What any provider must do; the adapters that there are. */
const adapters: Record<string, () => PaymentProvider & { close(): Promise<void> }> = {
  'Stripe SDK on the emulator': () =>
    stripeProvider({ url: new URL(kit.psp.url), key: KEY, timeoutMs: 300, concurrency: 8 }),
};

const wait = (ms = 2_000) => ({ deadline: Date.now() + ms });
const asked = (token = 'pm_card_visa'): Payment =>
  begin(
    'pay_eu_contract',
    {
      orderId: newOrder(),
      userId: USER,
      region: 'eu',
      amount: { currency: 'EUR', minor: 1_000n },
      method: { token, customer: null },
      returnUrl: null,
    },
    Date.now(),
  );

for (const [name, open] of Object.entries(adapters)) {
  describe(`payment provider contract: ${name}`, () => {
    let provider: ReturnType<typeof open>;
    before(() => {
      provider = open();
    });
    after(() => provider.close());

    /** A payment that is held at the provider. */
    async function held(token?: string): Promise<Payment> {
      const payment = asked(token);
      const seen = await provider.authorise(payment, wait());
      assert.ok(seen.kind === 'held');
      return { ...payment, state: { kind: 'authorised', intent: seen.intent } };
    }

    test('authorise: the same payment twice is one hold with one id', async () => {
      const payment = asked();
      const [first, second] = [
        await provider.authorise(payment, wait()),
        await provider.authorise(payment, wait()),
      ];
      assert.deepEqual(first, second);
      assert.equal(first.kind, 'held');
    });

    test('authorise: refused with a code, never an exception', async () => {
      const seen = await provider.authorise(asked('pm_card_chargeDeclinedInsufficientFunds'), wait());
      assert.ok(seen.kind === 'refused');
      assert.equal(seen.failure.code, 'insufficient_funds');
      assert.ok(seen.intent);
    });

    test('authorise: the buyer must act; the action is found, and only then', async () => {
      const payment = asked('pm_card_authenticationRequired');
      const seen = await provider.authorise(payment, wait());
      assert.equal(seen.kind, 'action');
      const found = await provider.find(payment, wait());
      assert.match(found?.action?.url ?? '', /\/pay\/action\//);
      assert.equal((await provider.find(await held(), wait()))?.action, undefined);
    });

    test('capture: twice is once; void is too late then, and says what was taken', async () => {
      const payment = await held();
      const taken = { kind: 'taken', intent: intentOf(payment.state), amount: 1_000n };
      assert.deepEqual(await provider.capture(payment, wait()), taken);
      assert.deepEqual(await provider.capture(payment, wait()), taken);
      assert.deepEqual(await provider.void(payment, wait()), taken);
    });

    test('void: twice is once; capture finds it ended', async () => {
      const payment = await held();
      const ended = { kind: 'ended', intent: intentOf(payment.state) };
      assert.deepEqual(await provider.void(payment, wait()), ended);
      assert.deepEqual(await provider.void(payment, wait()), ended);
      assert.deepEqual(await provider.capture(payment, wait()), ended);
    });

    test('capture refused is an outcome', async () => {
      const outcome = await provider.capture(await held('pm_card_captureFails'), wait());
      assert.equal(outcome.kind, 'capture-refused');
    });

    test('refund: twice with a key is once; too much is refused; found again', async () => {
      const payment = await held();
      await provider.capture(payment, wait());
      const amount = { currency: 'EUR', minor: 600n } as const;
      const first = await provider.refund(payment, 'a', amount, wait());
      assert.deepEqual(await provider.refund(payment, 'a', amount, wait()), first);
      assert.ok(first.kind === 'succeeded');
      assert.deepEqual(await provider.findRefund(first.reference, wait()), first);
      assert.equal((await provider.refund(payment, 'b', amount, wait())).kind, 'failed');
    });

    test('find: by our order when there is no id yet; nothing is nothing', async () => {
      const payment = await held();
      const found = await provider.find({ ...payment, state: { kind: 'authorising' } }, wait());
      assert.deepEqual([found?.seen.kind, found?.orderId], ['held', payment.orderId]);
      assert.equal(await provider.find(asked(), wait()), undefined);
    });

    for (const token of ['pm_card_lostReply', 'pm_card_timeout', 'pm_card_timeoutNoCharge']) {
      test(`${token}: settled by asking again`, async () => {
        assert.equal((await provider.authorise(asked(token), wait())).kind, 'held');
      });
    }

    test('a deadline that is too near: unknown, and known later', async () => {
      const payment = asked('pm_card_slow');
      await assert.rejects(
        provider.authorise(payment, wait(20)),
        (error: unknown) => error instanceof ProviderError && error.kind === 'unknown',
      );
      // The first try is still at work at the provider, which refuses a second one with its key until it has ended.
      const again = () =>
        provider.authorise(payment, wait()).then(
          ({ kind }) => kind,
          () => 'in use',
        );
      await until(async () => (await again()) === 'held', { ms: 5_000 });
    });

    test('a provider that breaks down on a key for ever: broken', async () => {
      kit.psp.faults.add({ fault: 'error-after', path: '/v1/payment_intents' });
      await assert.rejects(
        provider.authorise(asked(), wait()),
        (error: unknown) => error instanceof ProviderError && error.kind === 'broken',
      );
    });

    test('saving a card: shown without its number; refused cards are outcomes; removing twice is fine', async () => {
      const owner = { userId: 'usr_eu_contract', region: 'eu', customer: undefined } as const;
      const card = await provider.saveMethod(owner, 'pm_card_visa', wait());
      assert.ok('token' in card);
      assert.deepEqual([card.brand, card.last4, card.expMonth], ['visa', '4242', 12]);
      const payment = { ...asked(card.token), method: { token: card.token, customer: card.customer } };
      assert.equal((await provider.authorise(payment, wait())).kind, 'held');
      const refused = await provider.saveMethod(
        { ...owner, customer: card.customer },
        'pm_card_chargeDeclined',
        wait(),
      );
      assert.ok('failure' in refused);
      for (let i = 0; i < 2; i++) await provider.removeMethod(card.token, wait());
    });

    test('a wrong key is no decline', async () => {
      const stranger = stripeProvider({
        url: new URL(kit.psp.url),
        key: 'sk_test_wrong',
        timeoutMs: 300,
        concurrency: 1,
      });
      await assert.rejects(stranger.authorise(asked(), wait()), ProviderError);
      await stranger.close();
    });
  });
}
