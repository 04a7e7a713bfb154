import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff, createRetryBudget } from './retry.ts';

test('full jitter: from nothing up to base · 2^n, never above the cap', () => {
  const options = { baseMs: 50, maxMs: 1_000 };
  assert.equal(
    backoff(1, () => 0, options),
    0,
  );
  const most = [1, 2, 3, 4, 5, 6, 50].map((attempt) => backoff(attempt, () => 0.999_999, options));
  assert.deepEqual(most, [49, 99, 199, 399, 799, 999, 999]);
});

test('the budget allows its reserve and then one retry in ten calls', () => {
  const budget = createRetryBudget(0.1, 2);
  assert.equal(budget.spend(), true);
  assert.equal(budget.spend(), true);
  assert.equal(budget.spend(), false);
  let retries = 0;
  for (let call = 0; call < 1_000; call++) {
    budget.earn();
    if (budget.spend()) retries++;
  }
  assert.equal(retries, 100);
});

test('a quiet time saves up no more than the reserve', () => {
  const budget = createRetryBudget(0.1, 2);
  for (let call = 0; call < 1_000; call++) budget.earn();
  assert.equal(budget.balance, 2);
});
