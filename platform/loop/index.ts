import { errorFields, type Log } from '../log/index.ts';

export interface LoopOptions {
  readonly name: string;
  /** Pause after each round, milliseconds. */
  readonly everyMs: number;
  readonly log: Log;
  /** One bounded round. True: there is more to do, go on at once. */
  readonly work: () => Promise<unknown>;
}

/** Rounds without a pause before the loop lets others go first. */
const MAX_IN_A_ROW = 20;

/** Repeats a round of background work until stopped; a failed round is logged and tried again after the pause. */
export function startLoop({ name, everyMs, log, work }: LoopOptions): {
  readonly name: string;
  stop(): Promise<void>;
} {
  let stopped = false;
  let wake: () => void = () => {};

  async function rounds(): Promise<void> {
    let inARow = 0;
    while (!stopped) {
      let more = false;
      try {
        more = (await work()) === true;
      } catch (error) {
        if (!stopped) log.warn(`${name} failed`, errorFields(error));
      }
      inARow = more ? inARow + 1 : 0;
      if (stopped || (more && inARow < MAX_IN_A_ROW)) continue;
      inARow = 0;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, everyMs);
        timer.unref();
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  const running = rounds();
  return {
    name,
    stop() {
      stopped = true;
      wake();
      return running;
    },
  };
}
