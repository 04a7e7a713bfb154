import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type InlineFragmentNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from './document.ts';

/** An operation with more selections than this is not worth delivering in parts. */
const MOST_SELECTIONS = 5_000;

/**
 * The document with every fragment spread replaced by an inline fragment of its own: each `@defer` then stands at one place only, which the planner needs to tell
 * them apart. `undefined` when that would be too large (fragments can double at every level).
 */
export function expandFragments(document: DocumentNode): DocumentNode | undefined {
  const expansion = new Expansion(fragmentsOf(document));
  const definitions = document.definitions.flatMap((definition) =>
    definition.kind === Kind.OPERATION_DEFINITION
      ? [{ ...definition, selectionSet: expansion.set(definition.selectionSet) }]
      : [],
  );
  return expansion.selections > MOST_SELECTIONS ? undefined : { ...document, definitions };
}

class Expansion {
  readonly #fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  selections = 0;

  constructor(fragments: ReadonlyMap<string, FragmentDefinitionNode>) {
    this.#fragments = fragments;
  }

  set(set: SelectionSetNode): SelectionSetNode {
    return { ...set, selections: set.selections.flatMap((selection) => this.#selection(selection)) };
  }

  #selection(selection: SelectionNode): SelectionNode[] {
    if (++this.selections > MOST_SELECTIONS) return [];
    // Copies, so that each place has directive nodes of its own.
    const directives = selection.directives?.map((directive) => ({ ...directive })) ?? [];
    if (selection.kind !== Kind.FRAGMENT_SPREAD) {
      return [
        {
          ...selection,
          directives,
          ...(selection.selectionSet ? { selectionSet: this.set(selection.selectionSet) } : {}),
        } as SelectionNode,
      ];
    }
    const fragment = this.#fragments.get(selection.name.value);
    if (!fragment) return [];
    const inline: InlineFragmentNode = {
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: fragment.typeCondition,
      directives,
      selectionSet: this.set(fragment.selectionSet),
    };
    return [inline];
  }
}
