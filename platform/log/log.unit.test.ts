import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from './index.ts';

test('a line has its own fields and none of the lines before it', () => {
  const lines: string[] = [];
  const log = createLog('test', { destination: { write: (line) => lines.push(line) } });
  log.info('operation', { requestId: 'r1', cost: 3 });
  log.error('reload refused', { error: 'no' });
  const [first, second] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(first?.requestId, 'r1');
  assert.deepEqual(Object.keys(second ?? {}).sort(), ['error', 'level', 'msg', 'name', 'time']);
});

test('a level that is none is refused in one sentence; an empty one is none given', () => {
  assert.throws(
    () => createLog('test', { level: 'loud' }),
    /test cannot start: LOG_LEVEL is one of .*"loud"/,
  );
  createLog('test', { level: '' });
});
