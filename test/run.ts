// npm test [-- unit|int|e2e] [part of a path]: runs the tests on stores of its own and prints the count at the end.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from '../local/errors.ts';
import { type Stores, startStores } from '../local/stores/index.ts';
import { discover, KINDS, type Kind } from './discover.ts';
import { type Counts, print } from './report.ts';
import { runFile } from './run-file.ts';
import { TEST_STORES_VARIABLE } from './testkit/stores.ts';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** Per test and per file, milliseconds. */
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

/** Runs the files side by side, as many at once as their kind bears. */
async function runKind(kind: Kind, files: readonly string[]): Promise<Counts> {
  const total: Counts = { passed: 0, failed: 0, skipped: 0 };
  const waiting = [...files];
  const next = async (): Promise<void> => {
    for (let file = waiting.shift(); file && !interrupted.signal.aborted; file = waiting.shift()) {
      add(total, print(relative(ROOT, file), await runFile(file, LIMITS[kind], interrupted.signal)));
    }
  };
  await Promise.all(Array.from({ length: LIMITS[kind].concurrency }, next));
  return total;
}

function add(total: Counts, counts: Counts): void {
  for (const key of ['passed', 'failed', 'skipped'] as const) total[key] += counts[key];
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
      add(total, await runKind(kind, files[kind]));
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
