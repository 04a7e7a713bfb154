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
import { activeDefer, type Conditions, type Defer, findDefers, plannedDefer } from './defers.ts';

/** What is selected where nothing else is. */
export const TYPENAME: FieldNode = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

export interface PlannerDocumentOptions {
  /** Values of the variables that decide what is selected; `undefined` leaves that to the plan. */
  readonly conditions?: Conditions | undefined;
  readonly withoutDefer?: boolean;
}

/**
 * The document as the planner gets it: the same operation, but
 * - response names that could clash with what the planner selects itself are changed (`aliases.ts`), and `__typename` has no other name;
 * - every `@defer` has a label of its own;
 * - with `conditions`, `@skip`, `@include` and the `if` of `@defer` are carried out: the planner merges conditional fields with those it needs for a key or for
 *   `@requires`, and then both are missing when the condition is false;
 * - without, an object with conditional fields has its `__typename` selected as well: the planner moves a condition that everything below a field shares to the
 *   fetch of the field itself, and so loses the field (which must be `{}`).
 */
export function plannerDocument(
  document: DocumentNode,
  aliases: AliasRule,
  { conditions, withoutDefer = false }: PlannerDocumentOptions,
): DocumentNode {
  const defers = withoutDefer ? new Map<DirectiveNode, Defer>() : findDefers(document);
  return visit(document, {
    Field: {
      leave(node) {
        const { alias: _, ...bare } = node;
        const name = aliases.fetchName(node);
        return name === node.name.value ? bare : { ...bare, alias: { kind: Kind.NAME, value: name } };
      },
    },
    Directive: {
      leave(node) {
        const defer = defers.get(node);
        if (node.name.value !== 'defer' || conditions) return undefined;
        return defer ? plannedDefer(node, defer, false) : null;
      },
    },
    SelectionSet: {
      leave(node) {
        if (conditions) return settle(node, conditions, defers);
        return node.selections.some(isConditional)
          ? { ...node, selections: [TYPENAME, ...node.selections] }
          : undefined;
      },
    },
  });
}

function settle(
  set: SelectionSetNode,
  conditions: Conditions,
  defers: ReadonlyMap<DirectiveNode, Defer>,
): SelectionSetNode {
  const selections = set.selections
    .filter((selection) => isIncluded(selection, conditions))
    .map((selection) => {
      const active = activeDefer(selection, conditions);
      const defer = active && defers.get(active);
      const others = (selection.directives ?? []).filter(
        (directive) => !isCondition(directive) && directive.name.value !== 'defer',
      );
      return {
        ...selection,
        directives: active && defer ? [...others, plannedDefer(active, defer, true)] : others,
      };
    });
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

function isConditional({ directives = [] }: SelectionNode): boolean {
  return directives.some(isCondition);
}

function isCondition({ name }: DirectiveNode): boolean {
  return name.value === 'skip' || name.value === 'include';
}
