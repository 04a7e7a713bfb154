import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { until } from '../../test/testkit/index.ts';
import { ask, command, folderForTests, hasProc, processesOf, type Running } from './running.ts';

const folder = await folderForTests();
const { home } = folder;

/** Waits until it has begun to fill the stores, ends it, and sees that the rest was left for another time. */
async function interrupt(running: Running): Promise<void> {
  await until(() => /\d+ accounts/.test(running.output()), { ms: 180_000, what: 'the first accounts' });
  running.child.kill('SIGINT');
  assert.equal(await running.ended, 130, running.output());
  assert.doesNotMatch(running.output(), /past orders|Seeded/);
  if (hasProc) assert.deepEqual(processesOf(home), []);
  assert.equal(existsSync(join(home, 'seeded.json')), false);
}

describe('Ctrl-C while the stores are filled', () => {
  test('ends a first start soon', async () => {
    const running = command('start', [], { home });
    await interrupt(running);
    assert.match(running.output(), /Stopping after SIGINT …\n[\s\S]*Stopped\.\n$/);
  });

  test('ends "npm run seed" soon, however much it was to fill', () =>
    interrupt(command('seed', ['--products', '100000'], { home })));

  test('the next start goes on, and makes the whole of it', async () => {
    const running = command('start', [], { home });
    const url = await running.ready(180_000);
    assert.match(running.output(), /2000 of 2000 products/);
    const { data } = await ask<{ products: { nodes: unknown[] } }>(
      url,
      '{ products(first: 5) { nodes { id } } }',
    );
    assert.equal(data?.products.nodes.length, 5);
    const login = `mutation { login(input: { email: "customer-eu@aisle.example", password: "aisle-demo" }) { tokens { accessToken } } }`;
    const { data: signedIn } = await ask<{ login: { tokens: { accessToken: string } } }>(url, login);
    const authorization = `Bearer ${signedIn?.login.tokens.accessToken}`;
    const mine = await ask<{ orders: { edges: unknown[] } }>(
      url,
      '{ orders(first: 5) { edges { node { id } } } }',
      {},
      { authorization },
    );
    assert.ok(mine.data?.orders.edges.length, 'the demo customer has bought something before');
    running.child.kill('SIGTERM');
    assert.equal(await running.ended, 0);
  });
});

describe('arguments that a command does not know', () => {
  for (const [script, args, says] of [
    ['start', ['--port', '5000'], /^"npm start" takes no arguments and was given "--port"; .*\.\n$/],
    ['dev', ['orders'], /^"npm run dev" takes no arguments/],
    ['reset', ['--help'], /^"npm run reset" takes no arguments .* nothing was removed\.\n$/],
    ['audit', ['--json'], /^"npm run audit" takes no arguments/],
    ['subgraph', ['orders', 'payments'], /^Say which subgraph to run: .*\.\n$/],
    ['subgraph', ['orders', '--bogus'], /^Unknown option '--bogus'\.\n$/],
    ['subgraph', ['orders', '--port', 'seventy'], /^--port must be a number .* is "seventy"\.\n$/],
  ] as const) {
    test(`${script} ${args.join(' ')} is one sentence, and nothing is done`, async () => {
      const refused = command(script, [...args], { home });
      assert.equal(await refused.ended, 1);
      assert.match(refused.output(), says);
      assert.ok(existsSync(join(home, 'postgres')));
    });
  }
});
