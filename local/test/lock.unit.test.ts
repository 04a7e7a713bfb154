import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { temporaryFolder } from '../../test/testkit/temporary.ts';
import { recordedProcess, recordProcess, tryLock, withLock } from '../lock.mjs';

const LOCK_MODULE = new URL('../lock.mjs', import.meta.url).href;

test('a lock has one owner, who is named, and is free after release', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'deep/home.lock');
  const first = tryLock(path, 'npm start');
  assert.ok(first.release);
  const second = tryLock(path);
  assert.deepEqual([second.heldBy?.pid, second.heldBy?.note], [process.pid, 'npm start']);
  first.release();
  assert.ok(tryLock(path).release);
});

test('the lock of a process that was killed is taken over', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'home.lock');
  const script = `const { tryLock } = await import('${LOCK_MODULE}'); tryLock('${path}'); console.log('held'); setInterval(() => {}, 1000)`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(owner.stdout, 'data');
  assert.equal(tryLock(path).heldBy?.pid, owner.pid);
  owner.kill('SIGKILL');
  await once(owner, 'exit');
  assert.ok(tryLock(path).release);
});

test('a lock whose process number belongs to somebody else by now is taken over', async (t) => {
  if (!existsSync('/proc/self/stat')) return t.skip('start times are known on Linux only');
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'home.lock');
  writeFileSync(path, JSON.stringify({ pid: process.pid, started: 'another boot:1', note: '' }));
  assert.ok(tryLock(path).release);
});

test('withLock waits, says so once, and gives up at its time', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'work.lock');
  const held = tryLock(path);
  const told: number[] = [];
  const options = { waitMs: 300, onWait: (pid: number) => told.push(pid) };
  await assert.rejects(
    withLock(path, options, async () => 1),
    new RegExp(`Process ${process.pid} has held .*work\\.lock`),
  );
  assert.deepEqual(told, [process.pid]);
  held.release?.();
  assert.equal(await withLock(path, options, async () => 2), 2);
  assert.ok(tryLock(path).release);
});

test('a recorded process is known from another one with its number', async () => {
  await using folder = await temporaryFolder();
  const path = join(folder.path, 'run/redis.pid');
  recordProcess(path, process.pid);
  assert.equal(recordedProcess(path)?.alive, true);
  writeFileSync(path, JSON.stringify({ pid: process.pid, started: 'another boot:1' }));
  const { alive, isOther } = recordedProcess(path) ?? {};
  assert.deepEqual([alive, isOther], [false, true]);
  assert.equal(recordedProcess(`${path}.none`), undefined);
});
