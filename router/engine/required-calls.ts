import {
  type ArgumentNode,
  type ASTNode,
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type InterfaceTypeDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  parse,
  print,
  type SelectionNode,
  type SelectionSetNode,
  type TypeNode,
  visit,
} from 'graphql';
import { selectionSetOf } from './entity-keys.ts';

/** A field with arguments as a `@requires` selects it. */
export interface RequiredCall {
  readonly field: string;
  readonly arguments: readonly ArgumentNode[];
}

/** A supergraph in which every call that is required is a field of its own, without arguments. */
export interface NamedCalls {
  readonly sdl: string;
  /** By the name that the call's field has. */
  readonly calls: ReadonlyMap<string, RequiredCall>;
}

type Composite = ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode;

const REQUIRES = /requires: "/;

/**
 * Gives every call of a field that a `@requires` selects (`price(currency: "EUR")`) a field of its own (`price__required0`). The planner fetches what is required under the
 * plain name of its field, and so confuses it with what others, or the client, select of that field with other arguments.
 * @param sdl a Federation 2 supergraph
 */
export function nameRequiredCalls(sdl: string): NamedCalls {
  if (!REQUIRES.test(sdl)) return { sdl, calls: new Map() };
  const naming = new Naming(parse(sdl, { noLocation: true }));
  const document = naming.document();
  return naming.calls.size > 0 ? { sdl: print(document), calls: naming.calls } : { sdl, calls: naming.calls };
}

/** The client's name of a name in subgraph data. */
export const withoutCallNumber = (name: string): string => name.replace(/__required\d+$/, '');

/** Could a client's response name be taken for that of a call? */
export const looksLikeCall = (name: string): boolean => /__required\d+$/.test(name);

class Naming {
  readonly calls = new Map<string, RequiredCall>();
  readonly #document: DocumentNode;
  readonly #types = new Map<string, Composite>();
  readonly #names = new Map<string, string>();
  /** The calls that each type gets a field for, with the subgraphs that require them. */
  readonly #ofTypes = new Map<string, Map<string, Set<string>>>();

  constructor(document: DocumentNode) {
    this.#document = document;
    for (const definition of document.definitions)
      if (isComposite(definition)) this.#types.set(definition.name.value, definition);
  }

  document(): DocumentNode {
    const definitions = this.#document.definitions.map((definition) =>
      isComposite(definition)
        ? visit(definition, {
            Directive: (node) => this.#joinField(node as ConstDirectiveNode, definition.name.value),
          })
        : definition,
    );
    return {
      ...this.#document,
      definitions: definitions.map((definition) =>
        isComposite(definition) ? this.#withCalls(definition) : definition,
      ),
    };
  }

  #joinField(node: ConstDirectiveNode, type: string): ConstDirectiveNode | undefined {
    if (node.name.value !== 'join__field') return undefined;
    const args = node.arguments?.map((argument) => {
      if (argument.name.value !== 'requires' || argument.value.kind !== Kind.STRING) return argument;
      const required = this.#named(selectionSetOf(argument.value.value), type, graphOf(node));
      return { ...argument, value: { ...argument.value, value: required.selections.map(print).join(' ') } };
    });
    return { ...node, arguments: args ?? [] };
  }

  #named(set: SelectionSetNode, type: string, graph: string): SelectionSetNode {
    return { ...set, selections: set.selections.map((selection) => this.#selection(selection, type, graph)) };
  }

  #selection(selection: SelectionNode, type: string, graph: string): SelectionNode {
    if (selection.kind === Kind.FRAGMENT_SPREAD) return selection;
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const narrowed = selection.typeCondition?.name.value ?? type;
      return { ...selection, selectionSet: this.#named(selection.selectionSet, narrowed, graph) };
    }
    const field = fieldOf(this.#types.get(type), selection.name.value);
    if (!field) return selection;
    const below = selection.selectionSet && this.#named(selection.selectionSet, namedType(field.type), graph);
    const nested = below ? { ...selection, selectionSet: below } : selection;
    if (!field.arguments?.length || isContextual(field)) return nested;
    const name = this.#nameOf(field.name.value, selection.arguments ?? []);
    this.#add(type, name, graph);
    return { ...nested, name: { kind: Kind.NAME, value: name }, arguments: [] };
  }

  #nameOf(field: string, args: readonly ArgumentNode[]): string {
    const text = `${field}(${args.map(print).sort().join()})`;
    const known = this.#names.get(text);
    if (known) return known;
    const name = `${field}__required${this.#names.size}`;
    this.#names.set(text, name);
    this.calls.set(name, { field, arguments: args });
    return name;
  }

  /** To an interface with everything that implements it. */
  #add(type: string, call: string, graph: string): void {
    for (const [name, definition] of this.#types) {
      if (name !== type && !definition.interfaces?.some((one) => one.name.value === type)) continue;
      const known = this.#ofTypes.get(name) ?? new Map<string, Set<string>>();
      this.#ofTypes.set(name, known.set(call, (known.get(call) ?? new Set()).add(graph)));
    }
  }

  /** The field of a call is where the one that it calls is; and who required that one no longer does. */
  #withCalls(definition: Composite): Composite {
    const calls = this.#ofTypes.get(definition.name.value);
    if (!calls) return definition;
    const added = [...calls].flatMap(([name, graphs]): FieldDefinitionNode[] => {
      const called = fieldOf(definition, this.calls.get(name)?.field ?? '');
      if (!called) return [];
      const directives = joinFields(called).filter((join) => !isExternal(join) || graphs.has(graphOf(join)));
      return [
        {
          kind: Kind.FIELD_DEFINITION,
          name: { kind: Kind.NAME, value: name },
          type: called.type,
          directives,
        },
      ];
    });
    const fields = definition.fields?.map((field): FieldDefinitionNode => {
      const graphs = [...calls].flatMap(([name, ofCall]) =>
        this.calls.get(name)?.field === field.name.value ? [...ofCall] : [],
      );
      const directives = field.directives?.filter(
        (join) =>
          !isExternal(join) ||
          !graphs.includes(graphOf(join)) ||
          this.#isOfInterface(definition, field, graphOf(join)),
      );
      return { ...field, ...(directives && { directives }) };
    });
    return { ...definition, fields: [...(fields ?? []), ...added] };
  }

  /** Must the subgraph declare the field for an interface? */
  #isOfInterface({ interfaces = [] }: Composite, { name }: FieldDefinitionNode, graph: string): boolean {
    return interfaces.some((one) => {
      const field = fieldOf(this.#types.get(one.name.value), name.value);
      const joins = field ? joinFields(field) : [];
      return field !== undefined && (joins.length === 0 || joins.some((join) => graphOf(join) === graph));
    });
  }
}

function joinFields({ directives = [] }: FieldDefinitionNode): ConstDirectiveNode[] {
  return directives.filter(({ name }) => name.value === 'join__field');
}

function argumentOf({ arguments: args = [] }: ConstDirectiveNode, name: string): string {
  const value = args.find((argument) => argument.name.value === name)?.value;
  return value ? print(value) : '';
}

const graphOf = (join: ConstDirectiveNode): string => argumentOf(join, 'graph');
const isExternal = (directive: ConstDirectiveNode): boolean =>
  directive.name.value === 'join__field' && argumentOf(directive, 'external') === 'true';

function isComposite(node: ASTNode): node is Composite {
  return node.kind === Kind.OBJECT_TYPE_DEFINITION || node.kind === Kind.INTERFACE_TYPE_DEFINITION;
}

function fieldOf(type: Composite | undefined, name: string): FieldDefinitionNode | undefined {
  return type?.fields?.find((field) => field.name.value === name);
}

/** Its arguments come from the context it is in, which the planner finds by their names. */
function isContextual({ directives = [] }: FieldDefinitionNode): boolean {
  return directives.some((directive) => argumentOf(directive, 'contextArguments') !== '');
}

function namedType(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
}
