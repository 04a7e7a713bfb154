import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { test } from 'node:test';
import { temporaryFolder } from '../../test/testkit/index.ts';
import { explainDisk, SetupError } from '../errors.ts';
import { isSeeded, markSeeded } from '../run/seeding.ts';
import { homeSecret, secretsEnv } from '../secrets.ts';
import { isOpenToAll } from './find.ts';
import { givenUrls, urlsOfOneServer } from './postgres-databases.ts';
import { keepPort, keptPort } from './process.ts';
import { withoutSecrets } from './types.ts';

test('one server holds the five regions beside the global database', () => {
  const env = urlsOfOneServer('postgres://u:p@db:5432/aisle?sslmode=require');
  assert.equal(Object.keys(env).length, 6);
  assert.equal(env.DATABASE_URL_BR, 'postgres://u:p@db:5432/aisle_br?sslmode=require');
});

test('a region may live on a server of its own', () => {
  const env = givenUrls({
    DATABASE_URL: 'postgres://a/aisle',
    DATABASE_URL_EU: 'postgres://frankfurt/people',
  });
  assert.equal(env?.DATABASE_URL_EU, 'postgres://frankfurt/people');
  assert.equal(env?.DATABASE_URL_GB, 'postgres://a/aisle_gb');
  assert.equal(givenUrls({}), undefined);
});

test('addresses that cannot work are refused by name', () => {
  assert.throws(
    () => givenUrls({ DATABASE_URL_US: 'postgres://a/b' }),
    /DATABASE_URL_US is set without DATABASE_URL/,
  );
  assert.throws(() => givenUrls({ DATABASE_URL: 'aisle' }), /DATABASE_URL must be an address/);
  assert.throws(() => givenUrls({ DATABASE_URL: 'postgres://host' }), /DATABASE_URL must be an address/);
  assert.throws(() => givenUrls({ DATABASE_URL: 'postgres://a/b', DATABASE_URL_IN: 'x' }), /DATABASE_URL_IN/);
});

test('an address is shown without its password', () => {
  assert.equal(withoutSecrets('redis://:hush@host:6379'), 'redis://host:6379');
  assert.equal(withoutSecrets('redis://:hu@sh@host:6379/1'), 'redis://host:6379/1');
  assert.equal(withoutSecrets('mongodb://u:hu@sh@a:1,b:2/?x=a@b'), 'mongodb://a:1,b:2/?x=a@b');
  assert.equal(
    withoutSecrets('postgres://a/b?user=u&password=hush&x=1'),
    'postgres://a/b?user=u&password=…&x=1',
  );
});

test('a folder that only its owner may enter closes what lies below', () => {
  const modes: Record<string, number> = { '/root': 0o700 };
  const stat = (path: string) => ({ mode: modes[path] ?? 0o755 });
  assert.equal(isOpenToAll('/root', stat), false);
  assert.equal(isOpenToAll('/usr', statSync), true);
});

test('secrets differ per home and name, stay the same, and give way to given ones', async () => {
  await using one = await temporaryFolder();
  await using two = await temporaryFolder();
  assert.equal(homeSecret(one.path, 'envelope'), homeSecret(one.path, 'envelope'));
  assert.notEqual(homeSecret(one.path, 'envelope'), homeSecret(two.path, 'envelope'));
  assert.notEqual(homeSecret(one.path, 'envelope'), homeSecret(one.path, 'psp'));
  const env = secretsEnv(one.path, { STRIPE_SECRET_KEY: 'sk_test_mine' });
  assert.equal(env.STRIPE_SECRET_KEY, 'sk_test_mine');
  assert.equal(JSON.parse(env.IDENTITY_SIGNING_KEY ?? '').crv, 'Ed25519');
  assert.equal(env.IDENTITY_SIGNING_KEY, secretsEnv(one.path, {}).IDENTITY_SIGNING_KEY);
});

test('a store keeps its port from start to start', async () => {
  await using home = await temporaryFolder();
  const port = await keptPort(home.path, 'redis');
  assert.equal(await keptPort(home.path, 'redis'), port);
  keepPort(home.path, 'router', port);
  const other = await keptPort(home.path, 'redis');
  assert.notEqual(other, port, 'PORT is the router’s, though nobody listens there yet');
  keepPort(home.path, 'router', 0);
  assert.equal(await keptPort(home.path, 'redis'), other);
});

test('a full disk is told as such, also by PostgreSQL, and when there is room again by then', async () => {
  await using home = await temporaryFolder();
  const text = 'could not extend file "base/1/2": No space left on device';
  const told = explainDisk(home.path, Object.assign(new Error(text), { code: '53100' }));
  assert.ok(told instanceof SetupError);
  assert.equal(told.message, `A disk is full: ${text}.`);
  const other = new Error('no');
  assert.equal(explainDisk(home.path, other), other);
});

test('stores that were filled are filled no more, and other ones are', async () => {
  await using home = await temporaryFolder();
  const given = 'PostgreSQL given by DATABASE_URL, postgres://db/aisle';
  assert.equal(isSeeded(home.path, ''), false);
  markSeeded(home.path, '', { products: 3 });
  assert.deepEqual([isSeeded(home.path, ''), isSeeded(home.path, given)], [true, false]);
  markSeeded(home.path, given, { products: 3 });
  assert.deepEqual([isSeeded(home.path, ''), isSeeded(home.path, given)], [false, true]);
});
