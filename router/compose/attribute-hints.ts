import {
  type ConstDirectiveNode,
  type DefinitionNode,
  type DocumentNode,
  Kind,
  type Location,
  parse,
  print,
  type TypeDefinitionNode,
} from 'graphql';
import type { SubgraphSource } from './supergraph-file.ts';

const DIRECTIVE = 'cacheControl';

interface Place {
  readonly name: string;
  readonly directives: readonly ConstDirectiveNode[];
  /** Where another directive can be put. */
  readonly end: number | undefined;
}

/**
 * Composition merges the `@cacheControl`s of all subgraphs into one, and who said what is lost. This says it again, as composition itself does for
 * `@cacheTag`: `@join__directive(graphs: [PRICING], name: "cacheControl", args: {maxAge: 30})`.
 */
export function attributeHints(supergraphSdl: string, sources: readonly SubgraphSource[]): string {
  if (!sources.some(({ sdl }) => sdl.includes(`@${DIRECTIVE}`))) return supergraphSdl;
  const supergraph = parse(supergraphSdl);
  const graphs = graphNames(supergraph);
  const hints = new Map<string, string[]>();
  for (const { name, sdl } of sources) {
    const graph = graphs.get(name);
    if (graph === undefined) continue;
    for (const { name: place, directives } of placesOf(parse(sdl, { noLocation: true }))) {
      const hint = directives.find((directive) => directive.name.value === DIRECTIVE);
      if (hint) hints.set(place, [...(hints.get(place) ?? []), joinDirective(graph, hint)]);
    }
  }
  const insertions = placesOf(supergraph).flatMap(({ name, end }) => {
    const added = hints.get(name);
    return end === undefined || !added ? [] : [{ end, text: added.map((hint) => ` ${hint}`).join('') }];
  });
  return insertions
    .sort((a, b) => b.end - a.end)
    .reduce((sdl, { end, text }) => sdl.slice(0, end) + text + sdl.slice(end), supergraphSdl);
}

/** Types that can have a `@join__directive` (unions cannot: theirs stay merged) and, as `Type.field`, their fields. */
function placesOf({ definitions }: DocumentNode): Place[] {
  return definitions.flatMap((node) => {
    if (!isHintable(node)) return [];
    const type = node.name.value;
    const fields = node.fields ?? [];
    return [
      placeOf(type, node.directives, node.name.loc),
      ...fields.map((field) => placeOf(`${type}.${field.name.value}`, field.directives, field.loc)),
    ];
  });
}

function placeOf(
  name: string,
  directives: readonly ConstDirectiveNode[] = [],
  before: Location | undefined,
): Place {
  return { name, directives, end: (directives.at(-1)?.loc ?? before)?.end };
}

function isHintable(node: DefinitionNode) {
  return (
    node.kind === Kind.OBJECT_TYPE_DEFINITION ||
    node.kind === Kind.OBJECT_TYPE_EXTENSION ||
    node.kind === Kind.INTERFACE_TYPE_DEFINITION ||
    node.kind === Kind.INTERFACE_TYPE_EXTENSION
  );
}

function graphNames({ definitions }: DocumentNode): Map<string, string> {
  const graphs = definitions.find(
    (node): node is TypeDefinitionNode => 'name' in node && node.name?.value === 'join__Graph',
  );
  if (graphs?.kind !== Kind.ENUM_TYPE_DEFINITION) return new Map();
  return new Map(
    (graphs.values ?? []).flatMap(({ name, directives }) => {
      const value = directives?.[0]?.arguments?.find((argument) => argument.name.value === 'name')?.value;
      return value?.kind === Kind.STRING ? [[value.value, name.value]] : [];
    }),
  );
}

function joinDirective(graph: string, { arguments: given }: ConstDirectiveNode): string {
  const args = (given ?? []).map((argument) => print(argument)).join(', ');
  return `@join__directive(graphs: [${graph}], name: "${DIRECTIVE}", args: {${args}})`;
}
