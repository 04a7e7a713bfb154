import { isObject } from '../own.ts';
import type { Path, Run } from '../run.ts';
import { type CallResult, call } from './call.ts';
import { failure, locate, subgraphError } from './errors.ts';
import type { FetchSpec } from './fetch-spec.ts';
import { merge } from './merge.ts';
import type { Step } from './step.ts';

/** A fetch of root fields: they are merged into every object at the fetch's path (the response itself, mostly). */
export function rootFetch(spec: FetchSpec): Step {
  return async (run) => {
    const targets = spec.find(run.data, false);
    if (targets.length > 0) mergeRoot(run, spec, await call(run, spec, undefined));
  };
}

/** Takes a root response over: also what happens to each event of a subscription. */
export function mergeRoot(run: Run, spec: FetchSpec, result: CallResult): void {
  if (result.failed) {
    run.failures.push(failure(spec.at, spec.fields, result.failed));
    return;
  }
  for (const error of result.errors) {
    const cause = subgraphError(spec.subgraph, error);
    const path = errorPath(error);
    if (path)
      run.errors.push(
        locate(cause, [...spec.at, ...path.map((step) => spec.renamed.get(step as string) ?? step)]),
      );
    else run.failures.push(failure(spec.at, spec.fields, cause));
  }
  if (!result.data) return;
  spec.rewriteOutput?.(result.data);
  const targets = spec.find(run.data, false);
  targets.forEach((target, index) => {
    merge(target, index === 0 ? (result.data ?? {}) : structuredClone(result.data ?? {}), spec.interfaces);
  });
}

/** The error's path, when it is one. */
export function errorPath(error: unknown): Path | undefined {
  const path = isObject(error) ? error.path : undefined;
  if (!Array.isArray(path) || path.length === 0) return undefined;
  return path.every((step) => typeof step === 'string' || typeof step === 'number')
    ? (path as Path)
    : undefined;
}
