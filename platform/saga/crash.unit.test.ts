import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { crashPoints } from './crash.ts';

const run = (env: Record<string, string>) => {
  const module = join(import.meta.dirname, 'crash.ts');
  const script = `import { crashPoints } from ${JSON.stringify(module)}; const crash = crashPoints(process.env);
    crash('pay', 'before'); crash('pay', 'after'); process.stdout.write('alive');`;
  return spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    env: { ...env },
    encoding: 'utf8',
  });
};

test('the process dies at the chosen point, and only with faults switched on', () => {
  assert.equal(run({ AISLE_FAULTS: '1', AISLE_CRASH_AT: 'pay:after' }).signal, 'SIGKILL');
  assert.equal(run({ AISLE_FAULTS: '1', AISLE_CRASH_AT: 'book:after' }).stdout, 'alive');
  assert.equal(run({ AISLE_CRASH_AT: 'pay:after' }).stdout, 'alive');
});

test('a point that is none is refused', () => {
  assert.throws(() => crashPoints({ AISLE_FAULTS: '1', AISLE_CRASH_AT: 'pay' }), RangeError);
  crashPoints({ AISLE_FAULTS: '1' })('pay', 'before');
});

test('a point in a file kills once: the process that follows lives', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'aisle-crash-'));
  const file = join(folder, 'at');
  await writeFile(file, 'pay:after\n');
  const env = { AISLE_FAULTS: '1', AISLE_CRASH_FILE: file };
  assert.equal(run(env).signal, 'SIGKILL');
  assert.equal(run(env).stdout, 'alive');
  await rm(folder, { recursive: true });
});
