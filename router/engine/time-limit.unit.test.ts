import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Attempt, firstInTime, TooSlow, withTimeLimit } from './time-limit.ts';

const forEver = (): never => {
  for (;;);
};
const failing = (message: string) => (): never => {
  throw new Error(message);
};
const attempt = (work: () => string, most = 5_000): Attempt<string> => ({ most, work });
const isFinal = (error: unknown) => error instanceof Error && error.message === 'final';

describe('work that may never end', () => {
  test('is ended when its time is over', () => {
    assert.throws(() => withTimeLimit(20, forEver), TooSlow);
    assert.equal(
      withTimeLimit(5_000, () => 'done'),
      'done',
    );
  });
  test('has its own errors', () => {
    assert.throws(() => withTimeLimit(5_000, failing('own')), { message: 'own' });
  });
  test('is tried in other ways: the first that comes to an end counts', () => {
    const done = firstInTime(
      [attempt(forEver, 20), attempt(failing('no')), attempt(() => 'third'), attempt(() => 'fourth')],
      isFinal,
    );
    assert.equal(done, 'third');
  });
  test('fails as its last attempt does, or at once when no other can help', () => {
    assert.throws(() => firstInTime([attempt(failing('first')), attempt(forEver, 20)], isFinal), TooSlow);
    assert.throws(() => firstInTime([attempt(failing('final')), attempt(() => 'unused')], isFinal), {
      message: 'final',
    });
  });
});
