import { readFileSync, statSync } from 'node:fs';
import { forgetPort, keptPort, logFile, startProcess, waitHealthy } from './process.ts';
import type { StoreHandle } from './types.ts';

const START_MS = 60_000;
const ATTEMPTS = 3;

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
}

/** Starts a store on this home's port and waits until it is usable; a store that is not is ended. */
export async function bootStore(options: BootOptions): Promise<StoreHandle> {
  const { name, home } = options;
  for (let attempt = 1; ; attempt++) {
    const port = await keptPort(home, name);
    const logStart = sizeOf(logFile(home, name));
    const { signal } = options;
    const store = startProcess({
      name,
      home,
      signal,
      command: options.command(port),
      env: options.processEnv,
    });
    try {
      await waitHealthy(store, { name, home, ms: START_MS }, () => options.ready(port));
      await options.prepare?.(port);
      return { ...store, name, choice: `${options.choice}, 127.0.0.1:${port}`, env: options.env(port) };
    } catch (error) {
      await store.stop();
      // Somebody else took the port between our look and the store's start: try another one.
      const printed = readFileSync(logFile(home, name)).subarray(logStart).toString();
      if (attempt === ATTEMPTS || !/address (is )?already in use|EADDRINUSE/i.test(printed)) throw error;
      forgetPort(home, name);
    }
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
