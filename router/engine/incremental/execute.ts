import type { GraphQLError } from 'graphql';
import type { IncrementalPart, IncrementalPayload, PendingPart } from '../contract.ts';
import { isObject, type Obj } from '../own.ts';
import { merge } from '../plan/merge.ts';
import type { Step } from '../plan/step.ts';
import type { DeferredPart, Path, Run } from '../run.ts';
import { complete } from '../shape/complete.ts';
import { type Addition, additions } from './additions.ts';
import { DeferralQueue } from './deferral-queue.ts';
import { deferredPlaces, follow, type Place } from './places.ts';
import type { IncrementalResponse } from './response.ts';

/**
 * Runs an operation with `@defer`: the first payload has everything that is not deferred and announces what is; then, as their fetches come in, one payload
 * per deferred fragment with a part for each object it applies to, which announces what is nested in it. Ending the iterator early leaves fetches under way
 * to their deadline.
 */
export async function* executeIncremental(
  step: Step,
  response: IncrementalResponse,
  run: Run,
): AsyncGenerator<IncrementalPayload, void> {
  const queue = new DeferralQueue(response.enclosing);
  const deferring: Run = { ...run, deferrals: queue };
  await step(deferring);
  queue.completed();
  const data = complete(response.initial, deferring, response.introspect);
  queue.delivered();
  const delivery = new Delivery(response, run.data, data);
  const pending = delivery.announce(queue.nestedIn());
  yield { ...payload(data, run.errors), ...some({ pending }), hasNext: delivery.outstanding > 0 };
  while (delivery.outstanding > 0) {
    const { part, run: partRun } = await queue.next();
    const incremental = delivery.partsOf(part, partRun);
    const nested = delivery.announce(queue.nestedIn(part), part);
    queue.delivered(part);
    if (incremental.length > 0)
      yield { ...some({ pending: nested, incremental }), hasNext: delivery.outstanding > 0 };
  }
}

/** A deferred fragment at an object that the client has. */
interface Announced extends Place {
  readonly pending: PendingPart;
}

/** What the client has so far, and what it has been told to wait for. */
class Delivery {
  readonly #response: IncrementalResponse;
  readonly #client: Obj | null;
  /** Where the fields of a part are in the response: the places that got them. */
  readonly #delivered = new Map<DeferredPart | undefined, readonly Place[]>();
  readonly #announced = new Map<DeferredPart, readonly Announced[]>();
  #ids = 0;
  /** Announced and not delivered. */
  outstanding = 0;

  constructor(response: IncrementalResponse, source: Obj, data: Obj | null) {
    this.#response = response;
    this.#client = structuredClone(data);
    this.#delivered.set(undefined, data ? [{ path: [], source, shape: response.initial }] : []);
  }

  /** The parts are to come, wherever what they are nested in (none: the first payload) has come to be. */
  announce(parts: readonly DeferredPart[], within?: DeferredPart): PendingPart[] {
    return parts.flatMap((part) => {
      const label = this.#response.labelOf(part.id);
      // Nothing can be added to an object that null propagation took away.
      const places = this.#placesOf(part, within).filter(({ path }) => isObject(follow(this.#client, path)));
      const announced = places.map((place): Announced => {
        const id = String(this.#ids++);
        return { ...place, pending: { id, path: place.path, ...(label === undefined ? {} : { label }) } };
      });
      this.#announced.set(part, announced);
      this.outstanding += announced.length;
      return announced.map(({ pending }) => pending);
    });
  }

  partsOf(part: DeferredPart, run: Run): IncrementalPart[] {
    const announced = this.#announced.get(part) ?? [];
    const delivered: Place[] = [];
    const parts = announced.map((place): IncrementalPart => {
      const { pending, path, source, shape } = place;
      const errors = run.errors.filter((error) => startsWith(error.path, path));
      const data = complete(shape, { ...run, errors }, this.#response.introspect, { path, source });
      if (data) delivered.push(place);
      return { ...pending, ...payload(data, errors), added: data ? this.#add(path, data) : [] };
    });
    this.#delivered.set(part, delivered);
    this.outstanding -= announced.length;
    return parts;
  }

  /** Gives the client what it has not yet of the object at the path. */
  #add(path: Path, data: Obj): Addition[] {
    const added = additions(follow(this.#client, path) as Obj, data);
    for (const { subPath, data: fresh } of added)
      merge(follow(this.#client, [...path, ...subPath]) as Obj, structuredClone(fresh));
    return added;
  }

  #placesOf({ id, queryPath }: DeferredPart, within: DeferredPart | undefined): readonly Place[] {
    const steps = queryPath.slice(within?.queryPath.length ?? 0).filter((step) => !step.startsWith('... '));
    return deferredPlaces(this.#delivered.get(within) ?? [], steps, id);
  }
}

/** Without what is empty. */
const some = <Lists extends Record<string, readonly unknown[]>>(lists: Lists): Partial<Lists> =>
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)) as Partial<Lists>;

function payload(
  data: Obj | null,
  errors: readonly GraphQLError[],
): { data: Obj | null; errors?: readonly GraphQLError[] } {
  return errors.length > 0 ? { errors, data } : { data };
}

function startsWith(path: Path | undefined, start: Path): boolean {
  return path !== undefined && start.every((step, index) => path[index] === step);
}
