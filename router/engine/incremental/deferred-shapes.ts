import {
  type GraphQLCompositeType,
  type GraphQLSchema,
  getNamedType,
  isCompositeType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { PLANNED_ALIASES } from '../aliases.ts';
import type { DeferredPart } from '../run.ts';
import type { CollectContext } from '../shape/collect.ts';
import { SelectionShape } from '../shape/shape.ts';

const FRAGMENT = '... on ';

/** Makes the shapes of deferred payloads, each once. */
export function deferredShapes(
  context: CollectContext,
  operation: OperationDefinitionNode,
): (part: DeferredPart) => SelectionShape | undefined {
  const shapes = new Map<DeferredPart, SelectionShape | undefined>();
  return (part) => {
    if (!shapes.has(part)) shapes.set(part, makeShape(context, operation, part));
    return shapes.get(part);
  };
}

function makeShape(
  context: CollectContext,
  operation: OperationDefinitionNode,
  { subselection, queryPath }: DeferredPart,
): SelectionShape | undefined {
  const root = context.schema.getRootType(operation.operation);
  const definition =
    subselection === undefined ? undefined : parse(subselection, { noLocation: true }).definitions[0];
  if (!root || definition?.kind !== Kind.OPERATION_DEFINITION) return undefined;
  const type = typeAt(context, [[root, operation.selectionSet]], queryPath);
  return (
    type && new SelectionShape({ ...context, aliases: PLANNED_ALIASES }, type, [definition.selectionSet])
  );
}

type Place = readonly [GraphQLCompositeType, SelectionSetNode];

/** The declared type of the object at a path of the planner. */
function typeAt(
  context: CollectContext,
  places: readonly Place[],
  path: readonly string[],
): GraphQLCompositeType | undefined {
  const [step, ...rest] = path;
  if (step === undefined) return places[0]?.[0];
  if (step.startsWith(FRAGMENT)) {
    const type = composite(context.schema, step.slice(FRAGMENT.length));
    return (
      type &&
      typeAt(
        context,
        places.map(([, set]) => [type, set]),
        rest,
      )
    );
  }
  return typeAt(
    context,
    places.flatMap(([type, set]) => below(context, type, set, step)),
    rest,
  );
}

/** Every place the name leads to from a selection set, through fragments of any type. */
function below(
  context: CollectContext,
  type: GraphQLCompositeType,
  set: SelectionSetNode,
  step: string,
): Place[] {
  return set.selections.flatMap((selection): Place[] => {
    if (selection.kind === Kind.FIELD) {
      const field = 'getFields' in type ? type.getFields()[selection.name.value] : undefined;
      const named = field && getNamedType(field.type);
      if (!selection.selectionSet || !isCompositeType(named) || context.aliases.fetchName(selection) !== step)
        return [];
      return [[named, selection.selectionSet]];
    }
    const fragment =
      selection.kind === Kind.FRAGMENT_SPREAD ? context.fragments.get(selection.name.value) : selection;
    if (!fragment) return [];
    const condition = fragment.typeCondition && composite(context.schema, fragment.typeCondition.name.value);
    return below(context, condition ?? type, fragment.selectionSet, step);
  });
}

function composite(schema: GraphQLSchema, name: string): GraphQLCompositeType | undefined {
  const type = schema.getType(name);
  return isCompositeType(type) ? type : undefined;
}
