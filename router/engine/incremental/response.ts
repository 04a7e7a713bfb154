import type { DocumentNode, OperationDefinitionNode } from 'graphql';
import { type Defer, enclosingDefers, findDefers } from '../defers.ts';
import type { IntrospectionAnswer } from '../introspect.ts';
import type { Obj } from '../own.ts';
import type { CollectContext } from '../shape/collect.ts';
import type { Introspect } from '../shape/complete.ts';
import { operationShape, type SelectionShape } from '../shape/shape.ts';

/** How to answer an operation with `@defer`, part by part. */
export interface IncrementalResponse {
  /** Everything that is not deferred. */
  readonly initial: SelectionShape;
  /** The client's label of a planned part. */
  readonly labelOf: (deferId: string) => string | undefined;
  /** The planned part that a planned part is in. */
  readonly enclosing: (deferId: string) => string | undefined;
  readonly introspect: Introspect;
}

/** `planned` are the ids of the parts that the plan has: what it does not defer belongs to the first payload. */
export function compileIncrementalResponse(
  context: CollectContext,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  introspection: IntrospectionAnswer,
  coerced: Obj,
  planned: ReadonlySet<string>,
): IncrementalResponse {
  const defers = new Map([...findDefers(document)].filter(([, { id }]) => planned.has(id)));
  const enclosing = enclosingDefers(document, defers);
  const labels = new Map([...defers.values()].map(({ id, label }: Defer) => [id, label]));
  return {
    initial: operationShape({ ...context, defers }, operation),
    labelOf: (deferId) => labels.get(deferId),
    enclosing: (deferId) => enclosing.get(deferId),
    introspect: (field) => introspection(field, coerced),
  };
}
