import type { GraphQLError } from 'graphql';
import type { IncrementalPart, IncrementalPayload } from '../contract.ts';
import { isObject, type Obj } from '../own.ts';
import { merge } from '../plan/merge.ts';
import type { Step } from '../plan/step.ts';
import type { DeferredPart, Path, Run } from '../run.ts';
import { complete } from '../shape/complete.ts';
import { DeferralQueue } from './deferral-queue.ts';
import { deferredPlaces, follow, type Place } from './places.ts';
import type { IncrementalResponse } from './response.ts';

/**
 * Runs an operation with `@defer`: the first payload has everything that is not deferred; then, as their fetches come in, one payload per deferred fragment with
 * a part for each object it applies to. Ending the iterator early leaves fetches under way to their deadline.
 */
export async function* executeIncremental(
  step: Step,
  response: IncrementalResponse,
  run: Run,
): AsyncGenerator<IncrementalPayload, void> {
  const queue = new DeferralQueue();
  const deferring: Run = { ...run, deferrals: queue };
  await step(deferring);
  queue.completed();
  const data = complete(response.initial, deferring, response.introspect);
  queue.delivered();
  const delivery = new Delivery(response, run.data, data);
  yield { ...payload(data, run.errors), hasNext: queue.pending > 0 };
  while (queue.pending > 0) {
    const { part, within, run: partRun } = await queue.next();
    const incremental = delivery.partsOf(part, within, partRun);
    queue.delivered(part);
    if (incremental.length > 0 || queue.pending === 0)
      yield { ...(incremental.length > 0 ? { incremental } : {}), hasNext: queue.pending > 0 };
  }
}

/** What the client has so far. */
class Delivery {
  readonly #response: IncrementalResponse;
  readonly #client: Obj | null;
  readonly #places = new Map<DeferredPart | undefined, readonly Place[]>();

  constructor(response: IncrementalResponse, source: Obj, data: Obj | null) {
    this.#response = response;
    this.#client = structuredClone(data);
    this.#places.set(undefined, [{ path: [], source, shape: response.initial }]);
  }

  partsOf(part: DeferredPart, within: DeferredPart | undefined, run: Run): IncrementalPart[] {
    const places = this.#placesOf(part, within);
    this.#places.set(part, places);
    return places.flatMap(({ path, source, shape }) => {
      // Nothing can be added to an object that null propagation took away.
      const target = follow(this.#client, path);
      if (!isObject(target)) return [];
      const errors = run.errors.filter((error) => startsWith(error.path, path));
      const data = complete(shape, { ...run, errors }, this.#response.introspect, { path, source });
      if (data) merge(target, structuredClone(data));
      const label = this.#response.labelOf(part.id);
      return [{ ...payload(data, errors), path, ...(label === undefined ? {} : { label }) }];
    });
  }

  #placesOf({ id, queryPath }: DeferredPart, within: DeferredPart | undefined): readonly Place[] {
    const steps = queryPath.slice(within?.queryPath.length ?? 0).filter((step) => !step.startsWith('... '));
    return deferredPlaces(this.#places.get(within) ?? [], steps, id);
  }
}

function payload(
  data: Obj | null,
  errors: readonly GraphQLError[],
): { data: Obj | null; errors?: readonly GraphQLError[] } {
  return errors.length > 0 ? { errors, data } : { data };
}

function startsWith(path: Path | undefined, start: Path): boolean {
  return path !== undefined && start.every((step, index) => path[index] === step);
}
