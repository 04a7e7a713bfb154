import assert from 'node:assert/strict';
import { it } from 'node:test';
import { AisleError } from '../errors/index.ts';
import { outspoken } from './outspoken.ts';
import type { Database } from './postgres.ts';

const failing = (error: Error): Database => ({
  region: 'eu',
  query: () => Promise.reject(error),
  transaction: () => Promise.reject(error),
  connect: () => Promise.reject(error),
  close: async () => {},
});

it('says that a database is away, and keeps why', async () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  const database = outspoken(failing(refused), 'Away.');
  for (const call of [() => database.query('SELECT 1'), () => database.transaction(async () => {})])
    await assert.rejects(call, (error) => {
      assert.ok(error instanceof AisleError);
      assert.equal(error.code, 'UNAVAILABLE');
      assert.equal(error.message, 'Away.');
      assert.equal(error.originalError, refused);
      return true;
    });
});

it('leaves other failures as they are', async () => {
  const duplicate = Object.assign(new Error('duplicate key'), { code: '23505' });
  await assert.rejects(
    outspoken(failing(duplicate), 'Away.').query('INSERT'),
    (error) => error === duplicate,
  );
});
