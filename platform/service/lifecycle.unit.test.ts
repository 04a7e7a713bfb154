import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { createLifecycle } from './lifecycle.ts';

test('stages end last added first, once, and an error in one does not keep the others', async () => {
  const lifecycle = createLifecycle();
  const ended: string[] = [];
  lifecycle.add('a', () => void ended.push('a'));
  lifecycle.add('b', async () => {
    throw new Error('broken');
  });
  lifecycle.add('c', async () => void ended.push('c'));
  const errors: string[] = [];
  await Promise.all([lifecycle.stop((stage) => errors.push(stage)), lifecycle.stop()]);
  assert.deepEqual(ended, ['c', 'a']);
  assert.deepEqual(errors, ['b']);
});

test('a stage that hangs burns its fuse and is reported', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const lifecycle = createLifecycle();
  const ended: string[] = [];
  lifecycle.add('below', () => void ended.push('below'));
  lifecycle.add('hangs', () => new Promise(() => {}));
  const errors: string[] = [];
  const stopped = lifecycle.stop((stage) => errors.push(stage));
  mock.timers.tick(8_000);
  await stopped;
  mock.timers.reset();
  assert.deepEqual(errors, ['hangs']);
  assert.deepEqual(ended, ['below']);
});
