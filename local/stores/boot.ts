import { readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { recordedProcess, recordProcess } from '../lock.mjs';
import {
  forgetPort,
  keptPort,
  killGroup,
  logFile,
  type StoreProcess,
  startProcess,
  waitHealthy,
} from './process.ts';
import { supervise } from './supervise.ts';
import type { StoreHandle } from './types.ts';

const START_MS = 60_000;
const ATTEMPTS = 3;
/** Longer than the grace that a keeper gives its store. */
const PREVIOUS_MS = 25_000;

export interface BootOptions {
  name: string;
  home: string;
  /** Which rule of the store applied; the address is appended. */
  choice: string;
  signal: 'INT' | 'TERM';
  command: (port: number) => string[];
  /** Passes when the store can be used; asked again until it passes. */
  ready: (port: number) => Promise<unknown>;
  /** What still has to be made in a store that is up, once. */
  prepare?: (port: number) => Promise<unknown>;
  /** What subgraphs read from the environment to reach it. */
  env: (port: number) => Record<string, string>;
  processEnv?: NodeJS.ProcessEnv;
  /** Told when it dies and when it is back. */
  notice: (line: string) => void;
}

/** Starts a store on this home's port, waits until it is usable, and keeps it running; one that never is usable is ended. */
export async function bootStore(options: BootOptions): Promise<StoreHandle> {
  const { name, home, notice } = options;
  await previousEnded(home, name);
  for (let attempt = 1; ; attempt++) {
    const port = await keptPort(home, name);
    const logStart = sizeOf(logFile(home, name));
    const launch = () => launchStore(options, port);
    const healthy = (store: StoreProcess) =>
      waitHealthy(store, { name, home, ms: START_MS }, () => options.ready(port));
    const store = launch();
    try {
      await healthy(store);
      await options.prepare?.(port);
      const { lost, stop } = supervise(store, { name, launch, healthy, notice });
      return { name, choice: `${options.choice}, 127.0.0.1:${port}`, env: options.env(port), lost, stop };
    } catch (error) {
      await store.stop();
      // Somebody else took the port between our look and the store's start: try another one.
      const printed = readFileSync(logFile(home, name)).subarray(logStart).toString();
      if (attempt === ATTEMPTS || !/address (is )?already in use|EADDRINUSE/i.test(printed)) throw error;
      forgetPort(home, name);
    }
  }
}

function launchStore(
  { name, home, signal, command, processEnv: env }: BootOptions,
  port: number,
): StoreProcess {
  const store = startProcess({ name, home, signal, command: command(port), env });
  recordProcess(processFile(home, name), store.pid);
  return store;
}

function processFile(home: string, name: string): string {
  return join(home, 'run', `${name}.pid`);
}

/**
 * A supervisor that was killed leaves stores that are still writing their data for a moment; this home's next one
 * waits for them, and ends what outlived its keeper. The process group's number is not given out again while any
 * process is in it, so it cannot be somebody else's.
 */
export async function previousEnded(home: string, name: string): Promise<void> {
  const file = processFile(home, name);
  const until = Date.now() + PREVIOUS_MS;
  let previous = recordedProcess(file);
  while (previous?.alive && Date.now() < until) {
    await sleep(50);
    previous = recordedProcess(file);
  }
  if (previous && previous.pid > 1 && !previous.isOther) killGroup(previous.pid);
  rmSync(file, { force: true });
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
