// npm test [-- unit|int|e2e] [part of a path]: runs the tests on stores of its own and prints the count at the end.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from 'node:test';
import { fileURLToPath } from 'node:url';
import { SetupError } from '../local/errors.ts';
import { type Stores, startStores } from '../local/stores/index.ts';
import { discover, KINDS, type Kind } from './discover.ts';
import { type Counts, report } from './report.ts';
import { TEST_STORES_VARIABLE } from './testkit/stores.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Per test and per file, milliseconds. A file also ends by its limit when it leaves something open. */
const LIMITS: Record<Kind, { test: number; file: number; concurrency: number }> = {
  unit: { test: 20_000, file: 120_000, concurrency: 2 },
  int: { test: 60_000, file: 300_000, concurrency: 2 },
  e2e: { test: 240_000, file: 900_000, concurrency: 1 },
};

const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupted.abort());

function wanted(args: string[]): { kinds: readonly Kind[]; filter: string } {
  const [first = '', second = ''] = args;
  const kind = KINDS.find((name) => name === first);
  return kind ? { kinds: [kind], filter: second } : { kinds: KINDS, filter: first };
}

async function runKind(kind: Kind, files: string[]): Promise<Counts> {
  const { test, file, concurrency } = LIMITS[kind];
  const stream = run({
    files,
    concurrency,
    isolation: 'process',
    timeout: file,
    execArgv: ['--disable-warning=ExperimentalWarning', `--test-timeout=${test}`],
    signal: interrupted.signal,
  });
  return report(stream, ROOT);
}

async function main(): Promise<number> {
  const { kinds, filter } = wanted(process.argv.slice(2));
  const files = discover(ROOT, filter);
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  const home = mkdtempSync(join(tmpdir(), 'aisle-test-'));
  let stores: Stores | undefined;
  try {
    for (const kind of kinds) {
      if (files[kind].length === 0 || interrupted.signal.aborted) continue;
      if (kind !== 'unit' && !stores) {
        stores = await startStores({ home, log: console.log });
        process.env[TEST_STORES_VARIABLE] = JSON.stringify(stores.env);
        console.log(stores.describe.join('\n'));
      }
      const counts = await runKind(kind, files[kind]);
      for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key];
    }
  } finally {
    await stores?.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
  if (interrupted.signal.aborted) console.log('Interrupted: not every test ran.');
  const ran = total.passed + total.failed;
  if (ran === 0) console.log(`No test was found${filter ? ` for "${filter}"` : ''}.`);
  const skipped = total.skipped ? `, ${total.skipped} skipped` : '';
  console.log(`${total.passed} passed, ${total.failed} failed${skipped}`);
  return total.failed || ran === 0 || interrupted.signal.aborted ? 1 : 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
