import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { runningInstance } from '../local/home.ts';
import { ROOT } from '../local/settings.ts';
import { freePort } from '../local/stores/process.ts';

export interface BenchInstance {
  /** The public API. */
  readonly url: string;
  readonly home: string;
  /** Addresses of its stores. */
  readonly env: Readonly<Record<string, string>>;
  readonly pid: number;
  stop(): Promise<void>;
}

const READY_MS = 240_000;

/** A whole Aisle of its own, seeded, in a temporary home; gone with everything it started at `stop`. */
export async function startInstance(mode: 'single' | 'distributed'): Promise<BenchInstance> {
  const home = await mkdtemp(join(tmpdir(), 'aisle-bench-'));
  const port = await freePort();
  const child = spawn(process.execPath, [join(ROOT, 'local/bootstrap.mjs'), 'local/start.ts'], {
    cwd: ROOT,
    env: { ...process.env, AISLE_HOME: home, PORT: String(port), AISLE_MODE: mode, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    const fuse = setTimeout(() => child.kill('SIGKILL'), 30_000);
    await exited;
    clearTimeout(fuse);
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await ready(child);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    home,
    env: runningInstance(home)?.env ?? {},
    pid: child.pid!,
    stop,
  };
}

function ready(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const fuse = setTimeout(() => reject(new Error('The instance was not ready in time.')), READY_MS);
    child.once('exit', (code) =>
      reject(new Error(`The instance ended with code ${code}:\n${lines.slice(-10).join('\n')}`)),
    );
    createInterface({ input: child.stdout! }).on('line', (line) => {
      lines.push(line);
      if (!line.startsWith('ready ')) return;
      clearTimeout(fuse);
      resolve();
    });
  });
}
