import type { Deferrals, DeferredPart, Run } from '../run.ts';

interface Ready {
  readonly part: DeferredPart;
  readonly run: Run;
}

/** Starts deferred parts of a plan when the fetches they depend on are merged, and hands them out when they are done: a part never before the one it is nested in. */
export class DeferralQueue implements Deferrals {
  readonly #fetches = new Map<string, PromiseWithResolvers<void>>();
  readonly #ready: Ready[] = [];
  readonly #deliveries = new Map<DeferredPart | undefined, PromiseWithResolvers<void>>();
  readonly #completions = new Map<DeferredPart | undefined, PromiseWithResolvers<void>>();
  readonly #within: DeferredPart | undefined;
  readonly #root: DeferralQueue;
  #arrival: PromiseWithResolvers<void> | undefined;
  #pending = 0;

  constructor(root?: DeferralQueue, within?: DeferredPart) {
    this.#root = root ?? this;
    this.#within = within;
  }

  /** Parts that have not been handed out yet. */
  get pending(): number {
    return this.#pending;
  }

  fetched(id: string): void {
    entry(this.#root.#fetches, id).resolve();
  }

  defer(part: DeferredPart, run: Run): void {
    void this.#root.#start(part, run, this.#within);
  }

  /** Everything of the part (none: of the first payload) has been fetched that ever will be. */
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
      if (ready) {
        this.#pending--;
        return ready;
      }
      this.#arrival = Promise.withResolvers();
      await this.#arrival.promise;
    }
  }

  async #start(part: DeferredPart, run: Run, within: DeferredPart | undefined): Promise<void> {
    this.#pending++;
    // A fetch under a condition may never happen; then the end of everything it belongs to must do.
    const fetches = Promise.all(part.depends.map((id) => entry(this.#fetches, id).promise));
    await Promise.race([fetches, entry(this.#completions, within).promise]);
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
