import type { Obj } from '../own.ts';
import type { Run } from '../run.ts';
import { type Answers, askEntities, type EntityError } from './ask-entities.ts';
import type { ErrorCause } from './errors.ts';
import type { FetchSpec } from './fetch-spec.ts';

interface Entry {
  readonly answers: Promise<Answers>;
  readonly position: number;
}

interface Pending {
  readonly representations: Obj[];
  readonly answers: Promise<Answers>;
}

/**
 * Fetches of one operation that ask the same thing of the same subgraph at several places of the plan. They are merged into one call when they are due at the same
 * time, and an entity that one of them has fetched is not fetched again for another.
 */
export class SharedFetch {
  readonly #run: Run;
  readonly #spec: FetchSpec;
  readonly #entries = new Map<string, Entry>();
  #pending: Pending | undefined;

  constructor(run: Run, spec: FetchSpec) {
    this.#run = run;
    this.#spec = spec;
  }

  async ask(identities: readonly string[], representations: readonly Obj[]): Promise<Answers> {
    const entries = identities.map((identity, index) => this.#entry(identity, representations[index] ?? {}));
    const batches = new Map<Promise<Answers>, Answers>();
    for (const { answers } of entries) if (!batches.has(answers)) batches.set(answers, await answers);
    const errors = new Map<number, readonly EntityError[]>();
    const entities = entries.map(({ answers, position }, index) => {
      const batch = batches.get(answers);
      const own = batch?.errors?.get(position);
      if (own) errors.set(index, own);
      return batch?.entities[position];
    });
    const failures = new Set<ErrorCause>([...batches.values()].flatMap((batch) => batch.failures));
    return { entities, errors, failures: [...failures] };
  }

  #entry(identity: string, representation: Obj): Entry {
    const known = this.#entries.get(identity);
    if (known) return known;
    this.#pending ??= this.#open();
    const entry = {
      answers: this.#pending.answers,
      position: this.#pending.representations.push(representation) - 1,
    };
    this.#entries.set(identity, entry);
    return entry;
  }

  #open(): Pending {
    const representations: Obj[] = [];
    return { representations, answers: this.#send(representations) };
  }

  async #send(representations: Obj[]): Promise<Answers> {
    // Steps that wait for the same thing go on one after the other within a few turns of the microtask queue.
    for (let turn = 0; turn < 8; turn++) await null;
    this.#pending = undefined;
    return askEntities(this.#run, this.#spec, representations);
  }
}
