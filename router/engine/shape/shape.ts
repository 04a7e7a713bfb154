import {
  type FieldNode,
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLOutputType,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInterfaceType,
  isObjectType,
  type OperationDefinitionNode,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { type CollectContext, collectFields, type RuntimeType } from './collect.ts';

const META: Readonly<Record<string, GraphQLField<unknown, unknown> | undefined>> = {
  // Names such as `toString` are legal field names and must not find what objects inherit.
  __proto__: null as never,
  __typename: TypeNameMetaFieldDef,
  __schema: SchemaMetaFieldDef,
  __type: TypeMetaFieldDef,
};

export interface FieldShape {
  /** Response name. */
  readonly key: string;
  /** Its name in subgraph data. */
  readonly from: string;
  readonly name: string;
  readonly parent: RuntimeType;
  readonly nodes: readonly FieldNode[];
  /** `typename` is answered from the object's type, `introspection` (`__schema`, `__type`) by graphql-js, `data` from the subgraphs. */
  readonly source: 'typename' | 'introspection' | 'data';
  readonly type: GraphQLOutputType;
  /** What is selected below, for fields of objects. */
  readonly selected: SelectionShape | undefined;
  /** Of a field of an enum: the values that subgraphs may send and clients don't get to see. */
  readonly hidden: ReadonlySet<unknown> | undefined;
}

export interface ObjectShape {
  readonly type: RuntimeType;
  readonly fields: readonly FieldShape[];
  /** What is left for later payloads, by the id of its `@defer`. */
  readonly deferred: ReadonlyMap<string, SelectionShape>;
}

/** Everything that is selected at one place of the response, worked out per runtime type when the first object of it is seen. */
export class SelectionShape {
  readonly declared: GraphQLCompositeType;
  readonly #context: CollectContext;
  readonly #sets: readonly SelectionSetNode[];
  readonly #byType = new Map<string, ObjectShape | null>();

  constructor(context: CollectContext, declared: GraphQLCompositeType, sets: readonly SelectionSetNode[]) {
    this.#context = context;
    this.declared = declared;
    this.#sets = sets;
  }

  /** The shape for an object with this `__typename` (none given: the declared type); `undefined` when such an object can't be here, or more must be known of it. */
  forType(typename: unknown): ObjectShape | undefined {
    const name =
      isObjectType(this.declared) || typename === undefined || typename === null
        ? this.declared.name
        : typename;
    if (typeof name !== 'string') return undefined;
    const known = this.#byType.get(name);
    if (known !== undefined) return known ?? undefined;
    const type = this.#runtimeType(name);
    if (!type) return undefined;
    const shape = this.#shapeOf(type);
    this.#byType.set(name, shape ?? null);
    return shape;
  }

  /** Is an object of this `__typename` of an `@inaccessible` type? A subgraph may send one: clients just don't get to see it. */
  isHidden(typename: unknown): boolean {
    const { schema, fullSchema } = this.#context;
    if (typeof typename !== 'string' || schema.getType(typename)) return false;
    const declared = fullSchema.getType(this.declared.name);
    const type = fullSchema.getType(typename);
    return isObjectType(type) && isAbstractType(declared) && fullSchema.isSubType(declared, type);
  }

  /** The values of an enum that are `@inaccessible`. */
  #hiddenValues(type: GraphQLNamedType): ReadonlySet<unknown> | undefined {
    const full = isEnumType(type) ? this.#context.fullSchema.getType(type.name) : undefined;
    if (!isEnumType(type) || !isEnumType(full)) return undefined;
    return new Set(full.getValues().flatMap(({ name }) => (type.getValue(name) ? [] : [name])));
  }

  #runtimeType(name: string): RuntimeType | undefined {
    const { schema } = this.#context;
    const type = schema.getType(name);
    if (!isObjectType(type) && !isInterfaceType(type)) return undefined;
    const isPossible =
      type === this.declared || (isAbstractType(this.declared) && schema.isSubType(this.declared, type));
    if (!isPossible) return undefined;
    const [only, ...others] = isInterfaceType(type) ? schema.getPossibleTypes(type) : [type];
    return others.length === 0 && only ? only : type;
  }

  #shapeOf(type: RuntimeType): ObjectShape | undefined {
    const { fields, deferred, isUndecided } = collectFields(this.#context, type, this.#sets);
    if (isUndecided) return undefined;
    const later = [...deferred].map(
      ([id, set]) => [id, new SelectionShape(this.#context, type, [set])] as const,
    );
    return { type, fields: this.#fieldShapes(type, fields), deferred: new Map(later) };
  }

  #fieldShapes(type: RuntimeType, fields: ReadonlyMap<string, readonly FieldNode[]>): FieldShape[] {
    const shapes: FieldShape[] = [];
    for (const [key, nodes] of fields) {
      const name = nodes[0]?.name.value ?? key;
      const field = META[name] ?? type.getFields()[name];
      if (!field) continue;
      const source =
        name === '__typename'
          ? 'typename'
          : name === '__schema' || name === '__type'
            ? 'introspection'
            : 'data';
      const named = getNamedType(field.type);
      const below = nodes.flatMap((node) => (node.selectionSet ? [node.selectionSet] : []));
      const selected =
        source === 'data' && isCompositeType(named)
          ? new SelectionShape(this.#context, named, below)
          : undefined;
      const from = nodes[0] ? this.#context.aliases.fetchName(nodes[0]) : key;
      const hidden = this.#hiddenValues(named);
      shapes.push({ key, from, name, parent: type, nodes, source, type: field.type, selected, hidden });
    }
    return shapes;
  }
}

/** The shape of a whole operation under given conditions. */
export function operationShape(context: CollectContext, operation: OperationDefinitionNode): SelectionShape {
  const root = context.schema.getRootType(operation.operation);
  if (!root) throw new Error(`The schema has no ${operation.operation} type`);
  return new SelectionShape(context, root, [operation.selectionSet]);
}
