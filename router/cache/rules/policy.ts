import {
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import { fragmentsOf } from '../../engine/document.ts';
import type { Hint, SubgraphRules } from './rules.ts';

/** How long an answer may be kept, and for whom. */
export interface CachePolicy {
  /** Seconds; 0: not at all. */
  readonly maxAge: number;
  /** `PRIVATE`: for the caller only. */
  readonly scope: 'PUBLIC' | 'PRIVATE';
}

export interface PolicyOptions {
  readonly schema: GraphQLSchema;
  readonly rules: SubgraphRules;
  /** For root fields and objects without a hint, seconds. */
  readonly defaultMaxAge: number;
  /** Key fields of the subgraph's entity types: what an entity is found by never goes out of date. */
  readonly keys: ReadonlyMap<string, readonly (readonly string[])[]>;
}

/** What surrounds a field, as far as its leaves inherit from it. */
type Parent = 'root' | 'object' | 'entity-without-hint';

/**
 * The policy of one fetch, by the rules of Apollo Server: the least `maxAge` and the strictest scope of all fields in it. Leaves inherit; root fields and objects
 * without a hint take the default. An entity whose type has no hint may be kept when every field selected of it has one.
 */
export function policyOf(document: DocumentNode, options: PolicyOptions): CachePolicy {
  const { schema, rules, defaultMaxAge, keys } = options;
  const fragments = fragmentsOf(document);
  let maxAge = Number.POSITIVE_INFINITY;
  let scope: CachePolicy['scope'] = 'PUBLIC';

  const restrict = (hint: Hint): void => {
    if (hint.maxAge !== undefined) maxAge = Math.min(maxAge, hint.maxAge);
    if (hint.scope === 'PRIVATE') scope = 'PRIVATE';
  };

  const visitSet = (set: SelectionSetNode, type: string, parent: Parent): void => {
    for (const node of set.selections) {
      if (node.kind === Kind.FIELD) visitField(node, type, parent);
      else {
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
        if (fragment) visitSet(fragment.selectionSet, fragment.typeCondition?.name.value ?? type, parent);
      }
    }
  };

  const visitField = (node: FieldNode, type: string, parent: Parent): void => {
    const name = node.name.value;
    if (name === '__typename') return;
    if (name === '_entities' && parent === 'root') {
      if (node.selectionSet) visitEntities(node.selectionSet);
      return;
    }
    const parentType = schema.getType(type);
    const field =
      isObjectType(parentType) || isInterfaceType(parentType) ? parentType.getFields()[name] : undefined;
    const result = field && getNamedType(field.type);
    if (!result) {
      restrict({ maxAge: 0 });
      return;
    }
    const isKey = keys.get(type)?.some((key) => key.includes(name)) === true;
    // What an interface's field says can only restrict: the objects' own fields are what is answered.
    restrict(rules.hints.get(`${type}.${name}`) ?? {});
    for (const concrete of typesBehind(type)) {
      const own = rules.hints.get(`${concrete}.${name}`) ?? {};
      const returned = (isCompositeType(result) && rules.hints.get(result.name)) || {};
      const hint = { ...returned, ...own };
      restrict(hint);
      const inherits = isCompositeType(result)
        ? returned.inheritMaxAge === true || own.inheritMaxAge === true
        : parent === 'object' || isKey;
      if (hint.maxAge === undefined && (!inherits || parent === 'root')) restrict({ maxAge: defaultMaxAge });
    }
    if (node.selectionSet) visitSet(node.selectionSet, result.name, 'object');
  };

  const visitEntities = (set: SelectionSetNode): void => {
    for (const node of set.selections) {
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
      if (fragment?.kind === Kind.FIELD || !fragment?.typeCondition) continue;
      const type = fragment.typeCondition.name.value;
      const hint = rules.hints.get(type) ?? {};
      restrict(hint);
      visitSet(fragment.selectionSet, type, hint.maxAge === undefined ? 'entity-without-hint' : 'object');
    }
  };

  /** The object types of the subgraph that a value of the type can have: each has hints of its own. */
  const typesBehind = (name: string): string[] => {
    const type = schema.getType(name);
    if (!isAbstractType(type)) return [name];
    const possible = schema.getPossibleTypes(type).map((object) => object.name);
    const here = possible.filter((one) => rules.types.has(one));
    return here.length > 0 ? here : [name];
  };

  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    const root = schema.getRootType(node.operation);
    if (root) visitSet(node.selectionSet, root.name, 'root');
  }
  return { maxAge: Number.isFinite(maxAge) ? Math.max(0, maxAge) : 0, scope };
}
