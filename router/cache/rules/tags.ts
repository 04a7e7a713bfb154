import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
  valueFromASTUntyped,
} from 'graphql';
import { fragmentsOf } from '../../engine/document.ts';
import { isObject, type Obj, own } from '../../engine/own.ts';
import type { SubgraphRules } from './rules.ts';
import type { TagTemplate } from './tag-template.ts';

/** Where a label is put; see `labels.ts`. */
export interface TagSink {
  tag(tag: string): void;
  /** The object that the format is for is there, but not what would fill it. */
  unknown(format: string): void;
}

/** Gathers the tags of an answer, or of one object in it. */
export type GatherTags = (data: unknown, sink: TagSink) => void;

/** Gathers the tags that root fields get from their arguments. */
export type GatherArgumentTags = (variables: Obj, sink: TagSink) => void;

interface Scope {
  readonly schema: GraphQLSchema;
  readonly rules: SubgraphRules;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
}

/** Tags of entities by what they are found by. */
export function tagRepresentation(rules: SubgraphRules, representation: Obj, sink: TagSink): void {
  for (const template of rules.tags.get(representation.__typename as string) ?? [])
    put(
      template,
      template.paths.map((path) => path.reduce<unknown>(step, representation)),
      sink,
    );
}

/** Tags of every entity that the answer to the document holds; `undefined` when none of them can have any. */
export function compileDataTags(
  document: DocumentNode,
  schema: GraphQLSchema,
  rules: SubgraphRules,
): GatherTags | undefined {
  const scope: Scope = { schema, rules, fragments: fragmentsOf(document) };
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return undefined;
  return compileObject(
    scope,
    operation.selectionSet,
    schema.getRootType(operation.operation)?.name ?? '',
    true,
  );
}

/** Tags of a query's root fields. */
export function compileArgumentTags(document: DocumentNode, { tags }: SubgraphRules): GatherArgumentTags {
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (operation?.kind !== Kind.OPERATION_DEFINITION) return () => {};
  return argumentTags(operation, document, { type: 'Query', tags });
}

/** Tags of root fields, from literal arguments and variables; a variable that is not sent has the default of its definition. */
export function argumentTags(
  operation: OperationDefinitionNode | undefined,
  document: DocumentNode,
  { type, tags }: Pick<SubgraphRules, 'tags'> & { readonly type: 'Query' | 'Mutation' },
): GatherArgumentTags {
  if (!operation) return () => {};
  const defaults = Object.fromEntries(
    (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
      defaultValue ? [[variable.name.value, valueFromASTUntyped(defaultValue)]] : [],
    ),
  );
  const fields = fieldsOf(operation.selectionSet, fragmentsOf(document)).map(({ node }) => node);
  const tagged = fields.flatMap((node) =>
    (tags.get(`${type}.${node.name.value}`) ?? []).map((template) => ({ node, template })),
  );
  return (variables, sink) => {
    for (const { node, template } of tagged) {
      const args = Object.fromEntries(
        (node.arguments ?? []).map(({ name, value }) => [
          name.value,
          valueFromASTUntyped(value, { ...defaults, ...variables }),
        ]),
      );
      const values = template.paths.map((path) => path.reduce<unknown>(step, args));
      put(template, values, sink);
    }
  };
}

function compileObject(
  scope: Scope,
  set: SelectionSetNode,
  type: string,
  isRoot: boolean,
): GatherTags | undefined {
  const fields = fieldsOf(set, scope.fragments);
  const own = isRoot ? undefined : compileOwn(scope, fields, type);
  const children = fields.flatMap(({ node, condition }) => {
    const gather = compileField(scope, node, condition ?? type);
    return gather ? [{ name: node.alias?.value ?? node.name.value, gather }] : [];
  });
  if (!own && children.length === 0) return undefined;
  return (data, sink) => {
    if (Array.isArray(data)) for (const item of data) gatherOne(item, sink);
    else gatherOne(data, sink);
  };

  function gatherOne(value: unknown, sink: TagSink): void {
    if (Array.isArray(value)) for (const item of value) gatherOne(item, sink);
    if (!isObject(value)) return;
    own?.(value, sink);
    for (const { name, gather } of children) gather(step(value, name), sink);
  }
}

function compileField(scope: Scope, node: FieldNode, parent: string): GatherTags | undefined {
  if (!node.selectionSet) return undefined;
  if (node.name.value === '_entities') return compileObject(scope, node.selectionSet, '_Entity', true);
  const type = scope.schema.getType(parent);
  const field = isObjectType(type) || isInterfaceType(type) ? type.getFields()[node.name.value] : undefined;
  const result = field && getNamedType(field.type);
  return isCompositeType(result) ? compileObject(scope, node.selectionSet, result.name, false) : undefined;
}

/** Tags of an object itself, by the type it says it has. */
function compileOwn({ schema, rules, fragments }: Scope, fields: readonly Selected[], type: string) {
  const declared = schema.getType(type);
  const candidates = isAbstractType(declared)
    ? [type, ...schema.getPossibleTypes(declared).map(({ name }) => name)]
    : [type];
  const readers = new Map(
    candidates.flatMap((name) => {
      const templates = rules.tags.get(name);
      if (!templates) return [];
      const readersOf = templates.map((template) => ({
        template,
        paths: template.paths.map((path) => responsePath(path, fields, fragments)),
      }));
      return [[name, readersOf] as const];
    }),
  );
  if (readers.size === 0) return undefined;
  return (object: Obj, sink: TagSink): void => {
    const said = object.__typename;
    const known = typeof said === 'string' ? said : candidates.length === 1 ? type : undefined;
    const applying = known === undefined ? [...readers.values()].flat() : (readers.get(known) ?? []);
    for (const { template, paths } of applying)
      put(
        template,
        known === undefined ? [undefined] : paths.map((path) => path?.reduce<unknown>(step, object)),
        sink,
      );
  };
}

interface Selected {
  readonly node: FieldNode;
  /** The fragment it is in, when in any. */
  readonly condition: string | undefined;
}

function fieldsOf(
  set: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  condition?: string,
): Selected[] {
  return set.selections.flatMap((node) => {
    if (node.kind === Kind.FIELD) return [{ node, condition }];
    const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node;
    return fragment
      ? fieldsOf(fragment.selectionSet, fragments, fragment.typeCondition?.name.value ?? condition)
      : [];
  });
}

/** Where the answer has the value of a key's field; `undefined` when it was not selected. */
function responsePath(
  [first, ...rest]: readonly string[],
  fields: readonly Selected[],
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): string[] | undefined {
  const node = fields.find(
    ({ node: { name, arguments: given } }) => name.value === first && !given?.length,
  )?.node;
  if (!node) return undefined;
  const name = node.alias?.value ?? node.name.value;
  if (rest.length === 0) return [name];
  const below = node.selectionSet && responsePath(rest, fieldsOf(node.selectionSet, fragments), fragments);
  return below && [name, ...below];
}

function put(template: TagTemplate, values: readonly unknown[], sink: TagSink): void {
  const tag = template.fill(values);
  if (tag === undefined) sink.unknown(template.format);
  else sink.tag(tag);
}

const step = (value: unknown, name: string): unknown => (isObject(value) ? own(value, name) : undefined);
