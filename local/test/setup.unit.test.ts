import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { temporaryFolder } from '../../test/testkit/temporary.ts';
import { ensureDependencies, ensureNode } from '../setup.mjs';

const LOCK = { lockfileVersion: 3, packages: { '': {}, 'node_modules/left': { version: '1.0.0' } } };
const path = process.env.PATH;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let root: string;

/** Puts an npm in front of the real one that notes its arguments and runs `script`. */
function fakeNpm(script: string): void {
  const bin = join(root, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\necho "$@" >> "${root}/npm.log"\n${script}\n`);
  chmodSync(join(bin, 'npm'), 0o755);
  process.env.PATH = `${bin}:${path}`;
}
const npmRuns = () =>
  existsSync(join(root, 'npm.log')) ? readFileSync(join(root, 'npm.log'), 'utf8').trim().split('\n') : [];

beforeEach(async () => {
  folder = await temporaryFolder();
  root = folder.path;
  writeFileSync(join(root, 'package-lock.json'), JSON.stringify(LOCK));
});
afterEach(async () => {
  process.env.PATH = path;
  await folder[Symbol.asyncDispose]();
});

describe('dependencies', () => {
  const INSTALL = 'mkdir -p node_modules';

  test('are installed once, and again when the lock file changes', async () => {
    fakeNpm(INSTALL);
    await ensureDependencies(root, process.execPath);
    await ensureDependencies(root, process.execPath);
    assert.equal(npmRuns().length, 1);
    assert.match(npmRuns()[0] ?? '', /^ci --ignore-scripts/);
    writeFileSync(join(root, 'package-lock.json'), `${JSON.stringify(LOCK)}\n`);
    await ensureDependencies(root, process.execPath);
    assert.equal(npmRuns().length, 2);
  });

  test('are installed once by two that start together', async () => {
    fakeNpm(`sleep 0.3; ${INSTALL}`);
    await Promise.all([
      ensureDependencies(root, process.execPath),
      ensureDependencies(root, process.execPath),
    ]);
    assert.equal(npmRuns().length, 1);
  });

  test('that npm itself says are there are left as they are', async () => {
    fakeNpm('exit 1');
    mkdirSync(join(root, 'node_modules/left'), { recursive: true });
    writeFileSync(join(root, 'node_modules/.package-lock.json'), JSON.stringify(LOCK));
    await ensureDependencies(root, process.execPath);
    assert.equal(npmRuns().length, 0);
  });

  for (const [what, script, message] of [
    [
      'a full disk',
      'echo "npm error code ENOSPC" >&2; exit 1',
      /could not be installed: the disk is full\.$/,
    ],
    [
      'no registry',
      'echo "npm error code ENOTFOUND" >&2; exit 1',
      /registry cannot be reached \(ENOTFOUND\)/,
    ],
    [
      'another fault',
      'echo "npm error the moon is full" >&2; exit 1',
      /could not be installed: the moon is full\.$/,
    ],
  ] as const) {
    test(`${what} is one sentence, and the next start tries again`, async () => {
      fakeNpm(script);
      await assert.rejects(ensureDependencies(root, process.execPath), { message });
      fakeNpm(INSTALL);
      await ensureDependencies(root, process.execPath);
    });
  }

  test('without npm say so', async () => {
    process.env.PATH = join(root, 'nowhere');
    await assert.rejects(ensureDependencies(root, process.execPath), /"npm" is not on the PATH\.$/);
  });
});

describe('Node', () => {
  const BIN = `node_modules/node-${process.platform}-${process.arch}/bin`;
  const FETCH = `mkdir -p ${BIN}; : > ${BIN}/node`;

  test('of the present is taken when it is new enough', async () => {
    assert.equal(await ensureNode(root, '24.0.0'), process.execPath);
  });

  test('that is too old fetches Node 24 once, also for two that start together', async () => {
    fakeNpm(`sleep 0.2; ${FETCH}`);
    const [one, two] = await Promise.all([ensureNode(root, '16.20.2'), ensureNode(root, '20.1.0')]);
    assert.equal(one, join(root, '.cache/node24', BIN, 'node'));
    assert.equal(two, one);
    assert.deepEqual(npmRuns().length, 1);
    assert.match(npmRuns()[0] ?? '', /^install node-\w+-\w+@24 --ignore-scripts/);
  });

  test('that cannot be fetched leaves nothing half done', async () => {
    fakeNpm(`${FETCH}; echo "npm error code ETIMEDOUT" >&2; exit 1`);
    await assert.rejects(
      ensureNode(root, '20.1.0'),
      /Node 20\.1\.0 is too old and Node 24 could not be fetched: .*ETIMEDOUT/,
    );
    assert.equal(existsSync(join(root, '.cache/node24')), false);
  });
});
