import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildSchema, parse, validate } from 'graphql';
import { ROOT } from '../settings.ts';
import { demoLogins } from './demo-logins.ts';
import { samples } from './samples.ts';

const schema = buildSchema(readFileSync(join(ROOT, 'schema/api.graphql'), 'utf8'));

test('what the explorer offers is valid on the public API', async () => {
  const logins = await demoLogins();
  assert.ok(logins.length >= 8);
  for (const { query } of [...samples(), ...logins]) assert.deepEqual(validate(schema, parse(query)), []);
});
