import type { Deferrals, DeferredPart, Run } from '../run.ts';

interface Ready {
  readonly part: DeferredPart;
  readonly run: Run;
}

/**
 * Runs deferred parts of a plan and hands them out as they come in, a part never before the one it is nested in.
 * A part starts when everything it is nested in has been fetched: the fetches that the planner says it depends on are not always all that it needs.
 */
export class DeferralQueue implements Deferrals {
  readonly #root: DeferralQueue;
  readonly #within: DeferredPart | undefined;
  readonly #ready: Ready[] = [];
  readonly #nested = new Map<DeferredPart | undefined, DeferredPart[]>();
  readonly #completions = new Map<DeferredPart | undefined, PromiseWithResolvers<void>>();
  readonly #deliveries = new Map<DeferredPart | undefined, PromiseWithResolvers<void>>();
  #arrival: PromiseWithResolvers<void> | undefined;

  constructor(root?: DeferralQueue, within?: DeferredPart) {
    this.#root = root ?? this;
    this.#within = within;
  }

  /** The parts nested in this one (none: in nothing), as far as it has been fetched. */
  nestedIn(part?: DeferredPart): readonly DeferredPart[] {
    return this.#nested.get(part) ?? [];
  }

  defer(part: DeferredPart, run: Run): void {
    void this.#root.#start(part, run, this.#within);
  }

  /** Everything of the part (none: of the first payload) has been fetched. */
  completed(part?: DeferredPart): void {
    entry(this.#completions, part).resolve();
  }

  /** The client has got the part (none: the first payload). */
  delivered(part?: DeferredPart): void {
    entry(this.#deliveries, part).resolve();
  }

  /** The next part that is done. */
  async next(): Promise<Ready> {
    for (;;) {
      const ready = this.#ready.shift();
      if (ready) return ready;
      this.#arrival = Promise.withResolvers();
      await this.#arrival.promise;
    }
  }

  async #start(part: DeferredPart, run: Run, within: DeferredPart | undefined): Promise<void> {
    this.#nested.set(within, [...this.nestedIn(within), part]);
    await entry(this.#completions, within).promise;
    const own: Run = { ...run, errors: [], failures: [], deferrals: new DeferralQueue(this, part) };
    await part.step(own);
    this.completed(part);
    await entry(this.#deliveries, within).promise;
    this.#ready.push({ part, run: own });
    this.#arrival?.resolve();
  }
}

function entry<K>(map: Map<K, PromiseWithResolvers<void>>, key: K): PromiseWithResolvers<void> {
  let found = map.get(key);
  if (!found) {
    found = Promise.withResolvers();
    map.set(key, found);
  }
  return found;
}
