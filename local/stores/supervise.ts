import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreProcess } from './process.ts';

export interface SuperviseOptions {
  readonly name: string;
  /** Starts the store as it was started before, on the same port. */
  readonly launch: () => StoreProcess;
  /** Resolves when a launched one can be used; ends it and throws when it can not. */
  readonly healthy: (store: StoreProcess) => Promise<void>;
  /** Told of deaths and returns. */
  readonly notice: (line: string) => void;
  /** Milliseconds before each try. @default 300, 1 000, 3 000, 6 000 */
  readonly pauses?: readonly number[];
}

const PAUSES = [300, 1_000, 3_000, 6_000];
/** A store that dies this often within a minute is not brought back by starting it once more. */
const MOST_A_MINUTE = 5;

export interface Supervised {
  /** Resolves with what happened when the store is gone for good, and nobody asked it to go. */
  readonly lost: Promise<string>;
  /** Ends the store for good. Safe to call twice. */
  stop(): Promise<void>;
}

/** Starts a store again whenever it dies unasked: those who use it degrade meanwhile, and reconnect. */
export function supervise(first: StoreProcess, options: SuperviseOptions): Supervised {
  const { name, launch, healthy, notice, pauses = PAUSES } = options;
  const { promise: lost, resolve: lose } = Promise.withResolvers<string>();
  const deaths: number[] = [];
  const stopping = new AbortController();
  let running = first;
  let returning: Promise<void> | undefined;
  watch(first);

  function watch(store: StoreProcess): void {
    void store.exited.then((how) => {
      if (stopping.signal.aborted || store !== running) return;
      deaths.push(Date.now());
      returning = bringBack(how);
    });
  }

  async function bringBack(how: string): Promise<void> {
    const isHopeless = deaths.filter((at) => at > Date.now() - 60_000).length > MOST_A_MINUTE;
    if (!isHopeless) notice(`${name} ${how}; starting it again.`);
    for (const pause of isHopeless ? [] : pauses) {
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
      const isBack = await tryOnce();
      if (stopping.signal.aborted) return;
      if (isBack) {
        notice(`${name} is back.`);
        watch(running);
        return;
      }
    }
    lose(`${how} and could not be started again`);
  }

  async function tryOnce(): Promise<boolean> {
    try {
      running = launch();
      await healthy(running);
      return true;
    } catch {
      // Its log says why; when no try is left, that is where people are sent.
      return false;
    }
  }

  return {
    lost,
    async stop() {
      stopping.abort();
      await running.stop();
      await returning;
      await running.stop();
    },
  };
}
