import type { GraphQLError } from 'graphql';
import type { IncrementalPart, IncrementalPayload } from '../contract.ts';
import { isObject, type Obj } from '../own.ts';
import { merge } from '../plan/merge.ts';
import type { Step } from '../plan/step.ts';
import type { DeferredPart, Path, Run } from '../run.ts';
import { complete } from '../shape/complete.ts';
import { DeferralQueue } from './deferral-queue.ts';
import { follow, holdsObject, placesAt } from './places.ts';
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
  const delivered = complete(response.initial, deferring, response.introspect);
  queue.delivered();
  yield { ...payload(delivered, run.errors), hasNext: queue.pending > 0 };
  while (queue.pending > 0) {
    const { part, run: partRun } = await queue.next();
    const incremental = deferredParts(response, part, partRun, delivered);
    queue.delivered(part);
    if (incremental.length > 0 || queue.pending === 0)
      yield { ...(incremental.length > 0 ? { incremental } : {}), hasNext: queue.pending > 0 };
  }
}

function deferredParts(
  response: IncrementalResponse,
  part: DeferredPart,
  run: Run,
  delivered: Obj | null,
): IncrementalPart[] {
  const shape = response.deferred(part);
  if (!shape) return [];
  const parts: IncrementalPart[] = [];
  for (const { path, source } of placesAt(run.data, part.queryPath, response.isOfType)) {
    if (!holdsObject(delivered, path) || !response.isOfType(source, shape.declared.name)) continue;
    const errors = run.errors.filter((error) => startsWith(error.path, path));
    const data = complete(shape, { ...run, errors }, response.introspect, { path, source });
    const target = follow(delivered, path);
    if (data && isObject(target)) merge(target, structuredClone(data));
    parts.push({
      ...payload(data, errors),
      path,
      ...(part.label === undefined ? {} : { label: part.label }),
    });
  }
  return parts;
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
