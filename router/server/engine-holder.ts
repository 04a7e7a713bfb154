import type { Engine } from '../engine/index.ts';
import type { SupergraphSource } from './options.ts';

/** An engine in use. `release()` once; the engine of a supergraph that was replaced closes with its last lease. */
export interface Lease {
  readonly engine: Engine;
  release(): void;
}

export interface EngineHolder {
  /** The engine that serves new operations. */
  readonly current: Engine;
  lease(): Lease;
  /** Called with the new engine after each replacement. */
  onReplaced(listener: (engine: Engine) => void): void;
  /** @throws when the source is no valid supergraph; the current engine stays. */
  replace(source: SupergraphSource, by?: EngineMaker): Promise<void>;
  close(): Promise<void>;
}

/** How engines are made. */
export interface EngineMaker {
  readonly create: (source: SupergraphSource) => Promise<Engine>;
  /** Lets the next engine prepare what the present one is busy with, before it goes live. */
  readonly warm: (next: Engine) => Promise<void>;
  /** Called in the moment when the engine goes live, when nothing can fail any more. */
  readonly wentLive?: () => void;
}

interface Held {
  readonly engine: Engine;
  leases: number;
  replaced: boolean;
}

/** @throws when the first source is no valid supergraph */
export async function createEngineHolder(first: SupergraphSource, maker: EngineMaker): Promise<EngineHolder> {
  let held: Held = { engine: await maker.create(first), leases: 0, replaced: false };
  const listeners: ((engine: Engine) => void)[] = [];
  let isClosed = false;
  let replacing: Promise<void> = Promise.resolve();

  const settle = (old: Held) => {
    if (old.replaced && old.leases === 0) void old.engine.close();
  };

  async function replace(source: SupergraphSource, by: EngineMaker): Promise<void> {
    const engine = await by.create(source);
    await by.warm(engine);
    // Whoever stopped meanwhile waits for no reload.
    if (isClosed) return engine.close();
    const old = held;
    held = { engine, leases: 0, replaced: false };
    old.replaced = true;
    by.wentLive?.();
    for (const listener of listeners) listener(engine);
    settle(old);
  }

  return {
    get current() {
      return held.engine;
    },
    lease() {
      const mine = held;
      mine.leases++;
      let open = true;
      return {
        engine: mine.engine,
        release() {
          if (!open) return;
          open = false;
          mine.leases--;
          settle(mine);
        },
      };
    },
    onReplaced: (listener) => void listeners.push(listener),
    replace(source, by = maker) {
      // One at a time, in order: two reloads at once end with the later one's supergraph.
      const mine = replacing.then(() => replace(source, by));
      replacing = mine.catch(() => undefined);
      return mine;
    },
    close() {
      isClosed = true;
      return held.engine.close();
    },
  };
}
