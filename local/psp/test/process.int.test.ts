import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import Stripe from 'stripe';

const folder = mkdtempSync(join(tmpdir(), 'aisle-psp-process-'));
const data = join(folder, 'deep', 'psp.jsonl');
const running = new Set<ChildProcess>();
after(() => {
  for (const child of running) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const MAIN = join(import.meta.dirname, '..', 'main.ts');

/** Starts the emulator as `npm start` does, and waits for its `ready` line. */
async function start(...args: string[]): Promise<{ child: ChildProcess; url: URL; output: () => string }> {
  const env = {
    ...process.env,
    STRIPE_SECRET_KEY: 'sk_test_process',
    STRIPE_WEBHOOK_SECRET: 'whsec_process',
  };
  const child = spawn(process.execPath, [MAIN, '--data', data, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  let output = '';
  const url = await new Promise<URL>((resolve, reject) => {
    child.stderr!.on('data', (chunk) => reject(new Error(String(chunk))));
    child.stdout!.on('data', (chunk) => {
      output += chunk;
      const ready = /ready (\S+)/.exec(output)?.[1];
      if (ready) resolve(new URL(ready));
    });
  });
  return { child, url, output: () => output };
}

const create = ({ hostname, port }: URL, key = 'sk_test_process') =>
  new Stripe(key, { host: hostname, port, protocol: 'http', telemetry: false }).paymentIntents.create(
    {
      amount: 700,
      currency: 'gbp',
      capture_method: 'manual',
      confirm: true,
      payment_method: 'pm_card_visa',
      metadata: { order_id: 'ord_gb_1' },
    },
    { idempotencyKey: 'ord_gb_1' },
  );

test('killed and started again, also with a last line that was cut short: what was answered is known', async () => {
  const first = await start();
  const intent = await create(first.url);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  appendFileSync(data, '{"put":[{"id":"pi_half');
  const second = await start();
  const again = await create(second.url);
  assert.equal(again.id, intent.id);
  assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true');
  second.child.kill('SIGTERM');
  assert.deepEqual(await once(second.child, 'exit'), [0, null]);
});

test('a taken port is one sentence and exit code 1; so is a missing file name', async () => {
  const first = await start();
  await assert.rejects(
    start('--port', first.url.port),
    /^Error: The payment emulator cannot start: port \d+ is taken\.\n$/,
  );
  first.child.kill('SIGTERM');
  await once(first.child, 'exit');
});

test('what is logged holds no key, secret, token or card number', async () => {
  const { child, url, output } = await start();
  await create(url).catch(() => {});
  await fetch(new URL('/v1/payment_methods/4242424242424242', url), {
    headers: { authorization: 'Bearer sk_test_process' },
  });
  await fetch(new URL('/pay/action/pi_x_secret_hidden', url));
  await fetch(new URL('/4242424242424242', url));
  child.kill('SIGTERM');
  await once(child, 'exit');
  assert.match(output(), /"path":"\/v1\/payment_intents"/);
  assert.doesNotMatch(output(), /sk_test|whsec|hidden|4242|pm_card/);
});
