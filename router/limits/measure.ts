import type { DocumentNode, SelectionSetNode } from 'graphql';
import { Kind } from 'graphql';
import { fragmentsOf } from '../engine/document.ts';

/** A selection set with every fragment flattened into it. Counts stop growing at `Number.MAX_SAFE_INTEGER`. */
export interface Measure {
  readonly depth: number;
  readonly introspectionDepth: number;
  readonly aliases: number;
  readonly fields: number;
  /** The most times any one selection set names the same field. */
  readonly repeats: number;
  readonly introspects: boolean;
  /** Field names at the top of this set. */
  readonly names: ReadonlyMap<string, number>;
}

const EMPTY: Measure = {
  depth: 0,
  introspectionDepth: 0,
  aliases: 0,
  fields: 0,
  repeats: 0,
  introspects: false,
  names: new Map(),
};
const add = (a: number, b: number) => Math.min(a + b, Number.MAX_SAFE_INTEGER);
const isIntrospection = (name: string) => name === '__schema' || name === '__type';

/**
 * Measures selection sets of one document. Each fragment is measured once however often it is spread, so that 2ⁿ bombs cost linear time;
 * a fragment that spreads itself counts as empty there (validation refuses it with its own error).
 */
export function measurer(document: DocumentNode): (set: SelectionSetNode) => Measure {
  const fragments = fragmentsOf(document);
  const done = new Map<string, Measure>();
  return measure;

  function fragment(name: string): Measure {
    const known = done.get(name);
    if (known) return known;
    const definition = fragments.get(name);
    if (!definition) return EMPTY;
    done.set(name, EMPTY);
    const result = measure(definition.selectionSet);
    done.set(name, result);
    return result;
  }

  function measure(set: SelectionSetNode): Measure {
    let { depth, introspectionDepth, aliases, fields, repeats, introspects } = EMPTY;
    const names = new Map<string, number>();
    for (const selection of set.selections) {
      if (selection.kind === Kind.FIELD) {
        const below = selection.selectionSet ? measure(selection.selectionSet) : EMPTY;
        const name = selection.name.value;
        if (isIntrospection(name)) introspectionDepth = Math.max(introspectionDepth, below.depth + 1);
        else depth = Math.max(depth, below.depth + 1);
        introspectionDepth = Math.max(introspectionDepth, below.introspectionDepth);
        introspects ||= isIntrospection(name) || below.introspects;
        aliases = add(aliases, below.aliases + (selection.alias ? 1 : 0));
        fields = add(fields, below.fields + 1);
        repeats = Math.max(repeats, below.repeats);
        names.set(name, add(names.get(name) ?? 0, 1));
      } else {
        const inner =
          selection.kind === Kind.INLINE_FRAGMENT
            ? measure(selection.selectionSet)
            : fragment(selection.name.value);
        depth = Math.max(depth, inner.depth);
        introspectionDepth = Math.max(introspectionDepth, inner.introspectionDepth);
        introspects ||= inner.introspects;
        aliases = add(aliases, inner.aliases);
        fields = add(fields, inner.fields);
        repeats = Math.max(repeats, inner.repeats);
        for (const [name, count] of inner.names) names.set(name, add(names.get(name) ?? 0, count));
      }
    }
    for (const count of names.values()) repeats = Math.max(repeats, count);
    return { depth, introspectionDepth, aliases, fields, repeats, introspects, names };
  }
}
