import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ConfigError, readConfig, z } from './index.ts';

const schema = z.object({ PORT: z.coerce.number().int().max(65_535), KEY: z.string().min(32) });

test('every problem is reported together', () => {
  assert.throws(
    () => readConfig('payments', schema, { PORT: '99999' }),
    (error: unknown) =>
      error instanceof ConfigError &&
      error.problems.length === 2 &&
      /payments cannot start: PORT.*; KEY/.test(error.message),
  );
});

test('a right environment is parsed into types', () => {
  assert.deepEqual(readConfig('payments', schema, { PORT: '80', KEY: 'x'.repeat(32) }), {
    PORT: 80,
    KEY: 'x'.repeat(32),
  });
});
