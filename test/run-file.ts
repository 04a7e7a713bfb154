import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Outcome } from './json-reporter.ts';

const REPORTER = fileURLToPath(new URL('json-reporter.ts', import.meta.url));
/** How much of what a test file printed is kept. */
const OUTPUT_LIMIT = 8_000;
/** Milliseconds. */
const LAST_WORDS = 2_000;

export interface FileResult {
  readonly outcomes: readonly Outcome[];
  /** The end of what it printed. */
  readonly output: string;
  readonly ms: number;
}

export interface FileLimits {
  /** Milliseconds for one test. */
  readonly test: number;
  /** Milliseconds for the file: also one that has run its tests and left something open ends by then. */
  readonly file: number;
}

/** Runs one test file in a process group of its own; when it has ended, or its time is up, nothing of the group is left. */
export async function runFile(file: string, limits: FileLimits, signal: AbortSignal): Promise<FileResult> {
  const folder = mkdtempSync(join(tmpdir(), 'aisle-run-'));
  const results = join(folder, 'results.jsonl');
  const began = performance.now();
  const flags = ['--disable-warning=ExperimentalWarning', `--test-timeout=${limits.test}`];
  const reporter = [`--test-reporter=${REPORTER}`, `--test-reporter-destination=${results}`];
  const child = spawn(process.execPath, [...flags, ...reporter, file], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-OUTPUT_LIMIT);
    });
  }
  let late = false;
  const fuse = setTimeout(() => {
    late = true;
    killGroup(child.pid);
  }, limits.file);
  const abort = () => killGroup(child.pid);
  signal.addEventListener('abort', abort);
  const [code, by] = (await once(child, 'exit')) as [number | null, string | null];
  clearTimeout(fuse);
  signal.removeEventListener('abort', abort);
  killGroup(child.pid);
  // What it printed last may come after its end: it is what one needs to know when it failed.
  await Promise.race([closed, pause(LAST_WORDS)]);
  const outcomes = readOutcomes(results);
  rmSync(folder, { recursive: true, force: true });
  const fault = late
    ? `was ended after ${limits.file / 1000} s`
    : by
      ? `was ended by ${by}`
      : `ended with code ${code}`;
  // A file that fails has a test that failed; if none did, the file itself is what failed.
  if ((code !== 0 || outcomes.length === 0) && !outcomes.some(({ type }) => type === 'fail')) {
    outcomes.push({
      type: 'fail',
      name: 'the file',
      error: `It ${fault}, having run ${outcomes.length} tests.`,
    });
  }
  return { outcomes, output, ms: performance.now() - began };
}

function readOutcomes(path: string): Outcome[] {
  try {
    const lines = readFileSync(path, 'utf8').split('\n');
    // The last line of one that was killed may be half a line.
    return lines.slice(0, -1).map((line) => JSON.parse(line) as Outcome);
  } catch {
    return [];
  }
}

function killGroup(pid: number | undefined): void {
  if (!pid) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Everything in it has ended.
  }
}
