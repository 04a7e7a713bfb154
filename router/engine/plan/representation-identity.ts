import type { QueryPlanSelectionNode } from '@apollo/query-planner';
import type { GraphQLSchema } from 'graphql';
import { isInherited, type Obj } from '../own.ts';
import { typesOf } from './types-of.ts';

type Identify = (entity: Obj) => string | undefined;

/**
 * Generates the identity of entities whose representation is flat (fragments of leaf fields, by far the usual one): the type, then for each fragment that applies its
 * number and its values, each with its length or type so that no two representations share a text; `undefined` when one of them is missing. `undefined` for any other selection.
 */
export function compileIdentity(
  schema: GraphQLSchema,
  requires: readonly QueryPlanSelectionNode[],
): Identify | undefined {
  const types: ReadonlySet<string>[] = [];
  const body: string[] = [];
  for (const selection of requires) {
    if (selection.kind !== 'InlineFragment' || selection.typeCondition === undefined) return undefined;
    const names: string[] = [];
    for (const field of selection.selections) {
      if (field.kind !== 'Field' || field.selections || isInherited(field.alias ?? field.name))
        return undefined;
      names.push(field.alias ?? field.name);
    }
    const index = types.push(typesOf(schema, selection.typeCondition)) - 1;
    const values = names.filter((name) => name !== '__typename');
    const complete =
      values.map((name, position) => `(v${position} = o.${name}) !== undefined`).join(' && ') || 'true';
    body.push(
      `if (h[${index}].has(t)) { if (!(${complete})) return undefined; k += '|${index}'${values.map((_, position) => ` + text(v${position})`).join('')}; }`,
    );
  }
  if (
    !requires.some(
      (selection) => selection.kind === 'InlineFragment' && selection.selections.some(isTypename),
    )
  )
    return undefined;
  const variables = Array.from(
    { length: Math.max(1, ...requires.map(({ selections = [] }) => selections.length)) },
    (_, index) => `v${index}`,
  );
  const [only, ...others] = requires;
  // By far the most representations are one type's one key, whose text is then all there is to tell them apart; a NUL at its start would be taken for the longer form.
  const short = others.length === 0 ? shortSource(types[0], only) : '';
  const source = `'use strict'; return (o) => { const t = o.__typename; if (typeof t !== 'string') return undefined; ${short}let k = '\\0' + t, ${variables.join(', ')};
    ${body.join('\n')}
    return k.length === t.length + 1 ? undefined : k; };`;
  return new Function('h', 'text', source)(types, text) as Identify;
}

function shortSource(
  types: ReadonlySet<string> | undefined,
  fragment: QueryPlanSelectionNode | undefined,
): string {
  const fields = fragment?.selections?.filter((selection) => !isTypename(selection)) ?? [];
  const [type] = types ?? [];
  const [field] = fields;
  if (types?.size !== 1 || fields.length !== 1 || field?.kind !== 'Field') return '';
  return `const id = o.${field.alias ?? field.name}; if (t === '${type}' && typeof id === 'string' && id.charCodeAt(0) !== 0) return id; `;
}

function isTypename(selection: QueryPlanSelectionNode): boolean {
  return selection.kind === 'Field' && selection.name === '__typename';
}

function text(value: unknown): string {
  if (typeof value === 'string') return `:${value.length}:${value}`;
  return typeof value === 'object' && value !== null ? text(JSON.stringify(value)) : `;${value}`;
}
