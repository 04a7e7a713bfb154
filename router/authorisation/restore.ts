import {
  type DocumentNode,
  type FieldNode,
  type GraphQLFormattedError,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isListType,
  isNonNullType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import { fragmentsOf, operationOf } from '../engine/document.ts';
import { TYPE_ALIAS } from './filter.ts';

type Data = Record<string, unknown>;
type Path = readonly (string | number)[];

/** A non-null field was denied: the object it is in cannot be. */
const BUBBLE = Symbol('null that goes up');

export interface Restored {
  readonly data: Data | null;
  readonly errors: readonly GraphQLFormattedError[];
}

export interface RestoreOptions {
  readonly schema: GraphQLSchema;
  /** The operation as the client sent it. */
  readonly document: DocumentNode;
  readonly operationName?: string | undefined;
  readonly denied: ReadonlySet<FieldNode>;
  /** As sent: the operation's defaults are applied here. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
}

/** One wording for everything that is withheld, whether it exists or not. */
const withheld = (path: Path): GraphQLFormattedError => ({
  message: 'You may not see this.',
  path,
  extensions: { code: 'UNAUTHORIZED_FIELD' },
});

/** Puts null where a field was taken out, as if it had failed there: with an error at its path, and up to the next nullable place. */
export function restoreDenied(data: Data | null | undefined, options: RestoreOptions): Restored {
  const { schema, document, denied, operationName } = options;
  const errors: GraphQLFormattedError[] = [];
  const fragments = fragmentsOf(document);
  const operation = operationOf(document, operationName);
  if (!operation) return { data: data ?? null, errors };
  const root = schema.getRootType(operation.operation);
  if (!root) return { data: data ?? null, errors };

  const presets = new Map(
    operation.variableDefinitions?.map(({ variable, defaultValue }) => [variable.name.value, defaultValue]),
  );
  const isTrue = (value: ValueNode | undefined): boolean => {
    if (value?.kind !== Kind.VARIABLE) return value?.kind === Kind.BOOLEAN && value.value;
    const given = options.variables?.[value.name.value];
    return given === undefined ? isTrue(presets.get(value.name.value)) : given === true;
  };
  const isSkipped = (node: { directives?: FieldNode['directives'] }): boolean =>
    (node.directives ?? []).some(({ name, arguments: given }) => {
      if (name.value !== 'skip' && name.value !== 'include') return false;
      const flag = isTrue(given?.[0]?.value);
      return name.value === 'skip' ? flag : !flag;
    });

  const collect = (
    typeName: string,
    set: SelectionSetNode,
    into: Map<string, FieldNode[]>,
  ): Map<string, FieldNode[]> => {
    for (const node of set.selections) {
      if (isSkipped(node)) continue;
      if (node.kind === Kind.FIELD) {
        const key = node.alias?.value ?? node.name.value;
        into.set(key, [...(into.get(key) ?? []), node]);
        continue;
      }
      const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
      const condition = fragment?.typeCondition?.name.value;
      if (fragment && applies(condition, typeName)) collect(typeName, fragment.selectionSet, into);
    }
    return into;
  };
  const applies = (condition: string | undefined, typeName: string): boolean => {
    if (condition === undefined || condition === typeName) return true;
    const type = schema.getType(condition);
    return isAbstractType(type) && schema.getPossibleTypes(type).some(({ name }) => name === typeName);
  };

  const object = (
    typeName: string,
    sets: readonly SelectionSetNode[],
    value: Data,
    path: Path,
  ): Data | typeof BUBBLE => {
    const type = schema.getType(typeName);
    if (!isObjectType(type)) return value;
    const collected = new Map<string, FieldNode[]>();
    for (const set of sets) collect(typeName, set, collected);
    const result: Data = {};
    for (const [key, nodes] of collected) {
      const field = type.getFields()[nodes[0]!.name.value];
      const here = [...path, key];
      if (nodes.some((node) => denied.has(node))) {
        errors.push(withheld(here));
        if (field && isNonNullType(field.type)) return BUBBLE;
        result[key] = null;
        continue;
      }
      const completed = field ? complete(field.type, nodes, value[key], here) : value[key];
      if (completed === BUBBLE) return BUBBLE;
      result[key] = completed;
    }
    return result;
  };

  const complete = (
    type: GraphQLOutputType,
    nodes: readonly FieldNode[],
    value: unknown,
    path: Path,
  ): unknown => {
    if (isNonNullType(type)) {
      const inner = complete(type.ofType, nodes, value, path);
      return inner === null && value !== null ? BUBBLE : inner;
    }
    if (value === null || value === undefined) return value ?? null;
    if (isListType(type)) {
      const items = (value as unknown[]).map((item, index) =>
        complete(type.ofType, nodes, item, [...path, index]),
      );
      return items.includes(BUBBLE) ? null : items;
    }
    const sets = nodes.flatMap(({ selectionSet }) => selectionSet ?? []);
    if (sets.length === 0 || typeof value !== 'object') return value;
    const named = getNamedType(type);
    const typeName = isObjectType(named) ? named.name : String((value as Data)[TYPE_ALIAS] ?? '');
    const completed = object(typeName, sets, value as Data, path);
    return completed === BUBBLE ? null : completed;
  };

  const restored = object(root.name, [operation.selectionSet], data ?? {}, []);
  return { data: restored === BUBBLE || data === null ? null : restored, errors };
}
