import assert from 'node:assert/strict';
import { it } from 'node:test';
import { ConfigError } from '@aisle/platform/config';
import { readIdentityConfig } from './config.ts';
import { generateSigningKey } from './store/access-tokens.ts';

const EMAIL_KEY = 'k'.repeat(32);

it('has no default secrets outside development, and names all that is missing', () => {
  for (const env of [{}, { NODE_ENV: 'production' }, { NODE_ENV: 'staging' }])
    assert.throws(
      () => readIdentityConfig(env),
      (error) => error instanceof ConfigError && /SIGNING_KEY.*EMAIL_KEY/.test(error.message),
    );
  assert.equal(readIdentityConfig({ NODE_ENV: 'development' }).signingKeys, undefined);
});

it('takes a key, a list of keys, or a key set; the first must be able to sign', () => {
  const key = generateSigningKey();
  const { d: _, ...open } = JSON.parse(key);
  const read = (value: unknown) =>
    readIdentityConfig({
      IDENTITY_EMAIL_KEY: EMAIL_KEY,
      IDENTITY_SIGNING_KEY: typeof value === 'string' ? value : JSON.stringify(value),
    }).signingKeys?.length;
  assert.equal(read(key), 1);
  assert.equal(read([JSON.parse(key), open]), 2);
  assert.equal(read({ keys: [JSON.parse(key)] }), 1);
  for (const wrong of ['no JSON', '[]', [open], { kty: 'RSA' }, 'null'])
    assert.throws(() => read(wrong), ConfigError);
});

it('never lets an access token live longer than an hour', () => {
  const env = { NODE_ENV: 'test', IDENTITY_ACCESS_TOKEN_SECONDS: '3601' };
  assert.throws(() => readIdentityConfig(env), ConfigError);
});
