import assert from 'node:assert/strict';
import { it } from 'node:test';
import { hash } from '@node-rs/argon2';
import { argon2Passwords } from './argon2-passwords.ts';
import { BusyError } from './index.ts';

const soon = () => Date.now() + 5_000;

it('hashes with argon2id and verifies only the right password', async () => {
  const passwords = argon2Passwords({ concurrency: 2, queue: 10 });
  const stored = await passwords.hash('correct horse', soon());
  assert.match(stored, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  assert.equal(await passwords.verify(stored, 'correct horse', soon()), true);
  assert.equal(await passwords.verify(stored, 'wrong horse', soon()), false);
  assert.equal(await passwords.verify(undefined, 'correct horse', soon()), false);
  assert.equal(passwords.needsRehash(stored), false);
  assert.equal(
    passwords.needsRehash(await hash('x', { memoryCost: 8_192, timeCost: 1, parallelism: 1 })),
    true,
  );
});

it('works as hard for an unknown account as for a known one', async () => {
  const passwords = argon2Passwords({ concurrency: 1, queue: 10 });
  const stored = await passwords.hash('correct horse', soon());
  await passwords.verify(undefined, 'warm up', soon());
  const time = async (target: string | undefined) => {
    const began = process.cpuUsage();
    for (let i = 0; i < 5; i++) await passwords.verify(target, 'wrong horse', soon());
    return process.cpuUsage(began).user;
  };
  const [known, unknown] = [await time(stored), await time(undefined)];
  // The work is done in both cases; without the dummy the unknown one is about a thousandth.
  assert.ok(unknown > known / 4, `${unknown} µs against ${known} µs`);
});

it('refuses more than may wait, and lets nobody wait past their deadline', async () => {
  const passwords = argon2Passwords({ concurrency: 1, queue: 1 });
  const [first, second, third] = [soon(), soon(), soon()].map((deadline) =>
    passwords.hash('correct horse', deadline),
  );
  await assert.rejects(third!, BusyError);
  await Promise.all([first, second]);
  const running = passwords.hash('correct horse', soon());
  await assert.rejects(passwords.hash('too late', Date.now() - 1), BusyError);
  await running;
  assert.ok(await passwords.hash('free again', soon()));
});
