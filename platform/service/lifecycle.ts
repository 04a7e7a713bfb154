import { within } from '../resilience/index.ts';

/** Things to end, last added first; ending twice is ending once. */
export interface Lifecycle {
  add(name: string, stop: () => Promise<void> | void): void;
  /** Each stage has a fuse: one that hangs is reported and left behind so that the rest still ends. */
  stop(onError?: (stage: string, error: unknown) => void): Promise<void>;
}

const FUSE_MS = 8_000;

export function createLifecycle(): Lifecycle {
  const stages: { name: string; stop: () => Promise<void> | void }[] = [];
  let stopping: Promise<void> | undefined;

  async function unwind(onError: (stage: string, error: unknown) => void): Promise<void> {
    for (let stage = stages.pop(); stage; stage = stages.pop()) {
      try {
        const stopped = Promise.resolve(stage.stop());
        await within(FUSE_MS, stopped, () => new Error(`did not stop within ${FUSE_MS} ms`));
      } catch (error) {
        onError(stage.name, error);
      }
    }
  }

  return {
    add: (name, stop) => {
      stages.push({ name, stop });
    },
    stop(onError = () => {}) {
      stopping ??= unwind(onError);
      return stopping;
    },
  };
}
