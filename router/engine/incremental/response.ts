import type { OperationDefinitionNode } from 'graphql';
import type { IntrospectionAnswer } from '../introspect.ts';
import type { Obj } from '../own.ts';
import { typesOf } from '../plan/types-of.ts';
import type { DeferredPart } from '../run.ts';
import type { CollectContext } from '../shape/collect.ts';
import type { Introspect } from '../shape/complete.ts';
import { operationShape, type SelectionShape } from '../shape/shape.ts';
import { deferredShapes } from './deferred-shapes.ts';

/** How to answer an operation with `@defer`, part by part. */
export interface IncrementalResponse {
  /** Everything that is not deferred. */
  readonly initial: SelectionShape;
  readonly deferred: (part: DeferredPart) => SelectionShape | undefined;
  readonly introspect: Introspect;
  /** Does an object satisfy `... on condition`? */
  readonly isOfType: (source: Obj, condition: string) => boolean;
}

export function compileIncrementalResponse(
  context: CollectContext,
  operation: OperationDefinitionNode,
  introspection: IntrospectionAnswer,
  coerced: Obj,
): IncrementalResponse {
  const types = new Map<string, ReadonlySet<string>>();
  return {
    initial: operationShape({ ...context, withoutDeferred: true }, operation),
    deferred: deferredShapes(context, operation),
    introspect: (field) => introspection(field, coerced),
    isOfType(source, condition) {
      let names = types.get(condition);
      if (!names) {
        names = typesOf(context.schema, condition);
        types.set(condition, names);
      }
      const typename = source.__typename;
      return typeof typename !== 'string' || names.has(typename);
    },
  };
}
