import {
  type DirectiveNode,
  type DocumentNode,
  type FieldNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
  visit,
} from 'graphql';
import type { AliasRule } from './aliases.ts';
import { usesDefer } from './variables.ts';

const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** Values of the Boolean variables that `@skip` and `@include` look at. */
export type Conditions = Readonly<Record<string, boolean>>;

/**
 * The document as the planner gets it: the same operation, but
 * - response names that could clash with what the planner selects itself are changed (`aliases.ts`), and `__typename` has no other name;
 * - with `conditions`, `@skip` and `@include` are carried out: the planner merges conditional fields with those it needs for a key or for `@requires`, and then
 *   both are missing when the condition is false;
 * - without, an object with conditional fields has its `__typename` selected as well: the planner moves a condition that everything below a field shares to the
 *   fetch of the field itself, and so loses the field (which must be `{}`).
 */
export function plannerDocument(
  document: DocumentNode,
  aliases: AliasRule,
  conditions?: Conditions,
): DocumentNode {
  const hasDefer = usesDefer(document);
  return visit(document, {
    Field: {
      leave(node) {
        const { alias: _, ...bare } = node;
        // The type of an object comes from its plain `__typename`, except below `@defer`, where the planner says which payload has which field.
        const name = node.name.value === '__typename' && !hasDefer ? '__typename' : aliases.fetchName(node);
        return name === node.name.value ? bare : { ...bare, alias: { kind: Kind.NAME, value: name } };
      },
    },
    SelectionSet: {
      leave(node) {
        if (conditions) return settle(node, conditions);
        return node.selections.some(isConditional)
          ? { ...node, selections: [TYPENAME, ...node.selections] }
          : undefined;
      },
    },
  });
}

function settle(set: SelectionSetNode, conditions: Conditions): SelectionSetNode {
  const selections = set.selections
    .filter((selection) => isIncluded(selection, conditions))
    .map((selection) => ({
      ...selection,
      directives: (selection.directives ?? []).filter((directive) => !isCondition(directive)),
    }));
  return { ...set, selections: selections.length > 0 ? selections : [TYPENAME] };
}

/** Do `@skip` and `@include` let the selection in? */
export function isIncluded({ directives = [] }: SelectionNode, conditions: Conditions): boolean {
  return directives.every((directive) => {
    if (!isCondition(directive)) return true;
    const value = directive.arguments?.[0]?.value;
    const on =
      value?.kind === Kind.BOOLEAN
        ? value.value
        : value?.kind === Kind.VARIABLE && conditions[value.name.value] === true;
    return on === (directive.name.value === 'include');
  });
}

/** Is the fragment under a `@defer` that is not switched off? */
export function isDeferred({ directives = [] }: SelectionNode, conditions: Conditions): boolean {
  const defer = directives.find(({ name }) => name.value === 'defer');
  const value = defer?.arguments?.find(({ name }) => name.value === 'if')?.value;
  if (value?.kind === Kind.BOOLEAN) return value.value;
  return defer !== undefined && (value?.kind !== Kind.VARIABLE || conditions[value.name.value] === true);
}

function isConditional({ directives = [] }: SelectionNode): boolean {
  return directives.some(isCondition);
}

function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include';
}
