import type { Deferrals, DeferredPart, Run } from '../run.ts';

interface Ready {
  readonly part: DeferredPart;
  readonly run: Run;
}

/** A part that was handed over, and the one in whose plan it was. */
interface Started {
  readonly part: DeferredPart;
  readonly planned: string | undefined;
}

/**
 * Runs deferred parts of a plan and hands them out as they come in, a part never before the one it is nested in.
 * A part starts when everything it is nested in has been fetched: the fetches that the planner says it depends on are not always all that it needs.
 */
export class DeferralQueue implements Deferrals {
  readonly #root: DeferralQueue;
  readonly #within: DeferredPart | undefined;
  readonly #enclosing: (id: string) => string | undefined;
  readonly #ready: Ready[] = [];
  readonly #started = new Map<string, Started>();
  readonly #completions = new Map<string | undefined, PromiseWithResolvers<void>>();
  readonly #deliveries = new Map<string | undefined, PromiseWithResolvers<void>>();
  #arrival: PromiseWithResolvers<void> | undefined;

  /** @param enclosing in which other part of the document a part is: the planner puts one beside the other when it needs no more fetches */
  constructor(enclosing: (id: string) => string | undefined, root?: DeferralQueue, within?: DeferredPart) {
    this.#enclosing = enclosing;
    this.#root = root ?? this;
    this.#within = within;
  }

  /** The parts nested in this one (none: in nothing), as far as it has been fetched. */
  nestedIn(part?: DeferredPart): readonly DeferredPart[] {
    const nested = [...this.#started.values()].filter((started) => this.#parentOf(started) === part?.id);
    return nested.map((started) => started.part);
  }

  defer(part: DeferredPart, run: Run): void {
    void this.#root.#start(part, run, this.#within);
  }

  /** Everything of the part (none: of the first payload) has been fetched. */
  completed(part?: DeferredPart): void {
    entry(this.#completions, part?.id).resolve();
  }

  /** The client has got the part (none: the first payload). */
  delivered(part?: DeferredPart): void {
    entry(this.#deliveries, part?.id).resolve();
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
    const started: Started = { part, planned: within?.id };
    this.#started.set(part.id, started);
    // Until then there may be others to come that it is nested in.
    await entry(this.#completions, within?.id).promise;
    const parent = this.#parentOf(started);
    await entry(this.#completions, parent).promise;
    const deferrals = new DeferralQueue(this.#enclosing, this, part);
    const own: Run = { ...run, errors: [], failures: [], deferrals };
    await part.step(own);
    this.completed(part);
    await entry(this.#deliveries, parent).promise;
    this.#ready.push({ part, run: own });
    this.#arrival?.resolve();
  }

  #parentOf({ part, planned }: Started): string | undefined {
    const enclosing = this.#enclosing(part.id);
    return enclosing !== undefined && this.#started.has(enclosing) ? enclosing : planned;
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
