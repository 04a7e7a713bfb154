import {
  type DirectiveNode,
  type DocumentNode,
  type InlineFragmentNode,
  Kind,
  type SelectionNode,
  visit,
} from 'graphql';

/** A `@defer` of a document. */
export interface Defer {
  /** Unique in the document, unlike its label: the planner gets it as label. */
  readonly id: string;
  /** The client's. */
  readonly label: string | undefined;
}

/** Values of the Boolean variables that `@skip`, `@include` and `@defer` look at. */
export type Conditions = Readonly<Record<string, boolean>>;

/** Every `@defer` of the document, by its node. */
export function findDefers(document: DocumentNode): ReadonlyMap<DirectiveNode, Defer> {
  const defers = new Map<DirectiveNode, Defer>();
  visit(document, {
    Directive(node) {
      if (node.name.value !== 'defer') return;
      const label = node.arguments?.find(({ name }) => name.value === 'label')?.value;
      defers.set(node, {
        id: `defer${defers.size}`,
        label: label?.kind === Kind.STRING ? label.value : undefined,
      });
    },
  });
  return defers;
}

/** For each of the defers within another of them, the id of that one. The fragments of the document are expanded. */
export function enclosingDefers(
  document: DocumentNode,
  defers: ReadonlyMap<DirectiveNode, Defer>,
): ReadonlyMap<string, string> {
  const enclosing = new Map<string, string>();
  const open: string[] = [];
  const deferOf = ({ directives = [] }: InlineFragmentNode): Defer | undefined =>
    directives.map((directive) => defers.get(directive)).find((defer) => defer !== undefined);
  visit(document, {
    InlineFragment: {
      enter(node) {
        const defer = deferOf(node);
        if (!defer) return;
        const above = open.at(-1);
        if (above !== undefined) enclosing.set(defer.id, above);
        open.push(defer.id);
      },
      leave(node) {
        if (deferOf(node)) open.pop();
      },
    },
  });
  return enclosing;
}

/** The `@defer` of the fragment, unless it is switched off. */
export function activeDefer(
  { directives = [] }: SelectionNode,
  conditions: Conditions,
): DirectiveNode | undefined {
  const directive = directives.find(({ name }) => name.value === 'defer');
  const condition = directive?.arguments?.find(({ name }) => name.value === 'if')?.value;
  if (condition?.kind === Kind.BOOLEAN) return condition.value ? directive : undefined;
  if (condition?.kind === Kind.VARIABLE)
    return conditions[condition.name.value] === true ? directive : undefined;
  return directive;
}

/** The directive with the id as its label, and without its condition when that has been decided. */
export function plannedDefer(node: DirectiveNode, { id }: Defer, isDecided: boolean): DirectiveNode {
  const kept = (node.arguments ?? []).filter(({ name }) => name.value === 'if' && !isDecided);
  return {
    ...node,
    arguments: [
      ...kept,
      {
        kind: Kind.ARGUMENT,
        name: { kind: Kind.NAME, value: 'label' },
        value: { kind: Kind.STRING, value: id },
      },
    ],
  };
}
