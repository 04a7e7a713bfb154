import { Worker } from 'node:worker_threads';
import type { Composition } from './compose.ts';
import { CompositionFailure, type CompositionProblem } from './composition-failure.ts';

/** What the thread says at its end. */
export type Said =
  | { readonly composition: Composition }
  | { readonly problems: readonly CompositionProblem[] }
  | { readonly problem: string };

/** Milliseconds after which a composition is given up: large graphs take seconds. */
const MOST_MS = 60_000;

/**
 * `composeFile` in a thread of its own: a reload composes while requests are being served, in one go of some hundred milliseconds.
 * @throws as `composeFile`
 */
export async function composeApart(path: string): Promise<Composition> {
  const { promise, resolve, reject } = Promise.withResolvers<Said>();
  const worker = new Worker(new URL('compose-worker.ts', import.meta.url), { workerData: path });
  const fuse = setTimeout(() => reject(new Error('The composition took too long.')), MOST_MS);
  worker.once('message', resolve);
  worker.once('error', reject);
  worker.once('exit', () => reject(new Error('The composition ended without a result.')));
  try {
    const said = await promise;
    if ('composition' in said) return said.composition;
    throw 'problems' in said ? new CompositionFailure(said.problems) : new Error(said.problem);
  } finally {
    clearTimeout(fuse);
    await worker.terminate();
  }
}
