import type { GraphQLError } from 'graphql';
import type { IncrementalPayload } from './contract.ts';
import type { CompiledOperation, CompiledPlan } from './operation.ts';
import type { Run } from './run.ts';

/** Runs the operation to its end and answers with one payload: always a correct way to honour `@defer`. */
export async function* executeIncremental(
  operation: CompiledOperation,
  plan: () => CompiledPlan,
  run: Run | { readonly errors: readonly GraphQLError[] },
): AsyncIterableIterator<IncrementalPayload> {
  if (!('data' in run)) {
    yield { errors: run.errors, hasNext: false };
    return;
  }
  await plan().run(run);
  const data = operation.response(run.coerced).toData(run);
  yield run.errors.length > 0 ? { errors: run.errors, data, hasNext: false } : { data, hasNext: false };
}
