import {
  type ConstDirectiveNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  type TypeDefinitionNode,
  type UnionTypeDefinitionNode,
  valueFromASTUntyped,
} from 'graphql';
import { parseTemplate, type TagTemplate } from './tag-template.ts';

/** What `@cacheControl` says of a type or field. */
export interface Hint {
  /** Seconds. */
  readonly maxAge?: number;
  readonly scope?: 'PUBLIC' | 'PRIVATE';
  readonly inheritMaxAge?: boolean;
}

/** What one subgraph's SDL says about caching; places are `Type` and `Type.field`. */
export interface SubgraphRules {
  /** Names of the types it has. */
  readonly types: ReadonlySet<string>;
  readonly hints: ReadonlyMap<string, Hint>;
  /** `@cacheTag`s of entity types and of root fields. */
  readonly tags: ReadonlyMap<string, readonly TagTemplate[]>;
}

/** By subgraph name. */
export type CacheRules = ReadonlyMap<string, SubgraphRules>;

interface MutableRules {
  readonly types: Set<string>;
  readonly hints: Map<string, Hint>;
  readonly tags: Map<string, TagTemplate[]>;
}

type Args = Readonly<Record<string, unknown>>;

/** The type of the directive's `scope`: composition says which subgraphs declare it. */
const SCOPE_TYPE = 'CacheControlScope';

/**
 * Reads `@cacheControl` and `@cacheTag` of a supergraph. `@join__directive` says which subgraph it comes from; a `@cacheControl` that composition merged
 * (`@composeDirective`) counts for every subgraph that has the place and declares the directive.
 * @throws Error naming the `@cacheTag` whose format cannot be understood
 */
export function cacheRulesOf(supergraphSdl: string): CacheRules {
  const { definitions } = parse(supergraphSdl, { noLocation: true });
  const types = definitions.filter(
    (node): node is TypeDefinitionNode =>
      'name' in node && 'directives' in node && node.kind !== Kind.DIRECTIVE_DEFINITION,
  );
  const names = graphNames(types);
  const rules = new Map<string, MutableRules>(
    [...names.values()].map((name) => [name, { types: new Set(), hints: new Map(), tags: new Map() }]),
  );
  const scopeType = types.find(({ name }) => name.value === SCOPE_TYPE);
  const declaring = new Set(scopeType ? graphsOf(scopeType.directives, 'join__type') : names.keys());

  for (const type of types) {
    const graphs = graphsOf(type.directives, 'join__type');
    for (const graph of graphs) rules.get(names.get(graph) ?? '')?.types.add(type.name.value);
    if (!isComposite(type)) continue;
    read(type.name.value, type.directives, graphs);
    for (const field of 'fields' in type ? (type.fields ?? []) : []) {
      const owners = graphsOf(field.directives, 'join__field');
      read(`${type.name.value}.${field.name.value}`, field.directives, owners.length > 0 ? owners : graphs);
    }
  }

  function read(
    place: string,
    directives: readonly ConstDirectiveNode[] = [],
    graphs: readonly string[],
  ): void {
    const attributed = new Set<string>();
    for (const { name, graphs: of, args } of joinDirectives(directives)) {
      for (const graph of of) {
        const into = rules.get(names.get(graph) ?? '');
        if (isNamed(name, 'cacheControl')) {
          into?.hints.set(place, { ...args });
          attributed.add(graph);
        }
        if (isNamed(name, 'cacheTag') && into)
          into.tags.set(place, [
            ...(into.tags.get(place) ?? []),
            parseTemplate(`@cacheTag of ${place}`, String(args.format)),
          ]);
      }
    }
    const merged = directives.find(({ name }) => isNamed(name.value, 'cacheControl'));
    if (!merged || attributed.size > 0) return;
    for (const graph of graphs)
      if (declaring.has(graph)) rules.get(names.get(graph) ?? '')?.hints.set(place, argsOf(merged));
  }

  return rules;
}

/** Subgraph names by the names of the `join__Graph` enum. */
function graphNames(types: readonly TypeDefinitionNode[]): ReadonlyMap<string, string> {
  const graphs = types.find(({ name }) => name.value === 'join__Graph');
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) return new Map();
  return new Map(
    (graphs.values ?? []).map(({ name, directives }) => {
      const graph = directives?.find((directive) => directive.name.value === 'join__graph');
      return [name.value, String(graph && argsOf(graph).name)];
    }),
  );
}

function graphsOf(directives: readonly ConstDirectiveNode[] | undefined, name: string): string[] {
  return (directives ?? []).flatMap((directive) => {
    const { graph, external } = directive.name.value === name ? argsOf(directive) : {};
    return typeof graph === 'string' && external !== true ? [graph] : [];
  });
}

function joinDirectives(directives: readonly ConstDirectiveNode[]) {
  return directives.flatMap((directive) => {
    if (directive.name.value !== 'join__directive') return [];
    const { name, graphs, args } = argsOf(directive) as { name: string; graphs?: string[]; args?: Args };
    return [{ name, graphs: graphs ?? [], args: args ?? {} }];
  });
}

/** Whatever prefix the directive was imported with. */
const isNamed = (name: string, directive: string) => name === directive || name.endsWith(`__${directive}`);

function argsOf({ arguments: given }: ConstDirectiveNode): Args {
  return Object.fromEntries((given ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]));
}

const isComposite = (
  type: TypeDefinitionNode,
): type is ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode | UnionTypeDefinitionNode =>
  type.kind === Kind.OBJECT_TYPE_DEFINITION ||
  type.kind === Kind.INTERFACE_TYPE_DEFINITION ||
  type.kind === Kind.UNION_TYPE_DEFINITION;
