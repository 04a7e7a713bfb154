import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readPaymentsConfig } from './config.ts';

const good = { STRIPE_SECRET_KEY: 'sk_test_x', STRIPE_WEBHOOK_SECRET: 'whsec_test' };

test('what is needed, and what has a default', () => {
  const { stripe, providerTimeoutMs } = readPaymentsConfig(good);
  assert.deepEqual(
    [stripe.url.href, stripe.key, providerTimeoutMs],
    ['https://api.stripe.com/', 'sk_test_x', 2_000],
  );
});

test('every problem is told at once, and no secret with it', () => {
  const env = { STRIPE_SECRET_KEY: 'my-secret-value', STRIPE_API_URL: 'ftp://x', PAYMENTS_SWEEP_MS: '-1' };
  assert.throws(
    () => readPaymentsConfig(env),
    ({ message }: Error) => {
      for (const name of [
        'STRIPE_SECRET_KEY',
        'STRIPE_WEBHOOK_SECRET',
        'STRIPE_API_URL',
        'PAYMENTS_SWEEP_MS',
      ])
        assert.match(message, new RegExp(name));
      assert.doesNotMatch(message, /my-secret-value/);
      return true;
    },
  );
});

test('plain http is for this machine only', () => {
  for (const url of [
    'http://127.0.0.1:12111',
    'http://localhost:1',
    'http://[::1]:1',
    'https://pay.example',
  ]) {
    assert.equal(readPaymentsConfig({ ...good, STRIPE_API_URL: url }).stripe.url.origin, new URL(url).origin);
  }
  for (const url of ['http://api.stripe.com', 'http://127.0.0.1.evil.example', 'http://10.0.0.1']) {
    assert.throws(() => readPaymentsConfig({ ...good, STRIPE_API_URL: url }), /https/);
  }
});
