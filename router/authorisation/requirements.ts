import { type ConstDirectiveNode, Kind, parse, valueFromASTUntyped } from 'graphql';

/** What a caller must have: signed in, one of the sets of scopes, and one of the sets of policies. */
export interface Requirement {
  readonly authenticated: boolean;
  /** Any of these sets, each complete. Empty: none asked for. */
  readonly scopes: readonly (readonly string[])[];
  readonly policies: readonly (readonly string[])[];
}

/** Requirements of types and of `Type.field`, as the supergraph's directives state them. */
export interface Requirements {
  readonly types: ReadonlyMap<string, Requirement>;
  readonly fields: ReadonlyMap<string, Requirement>;
  /** Every policy named anywhere: each needs a function. */
  readonly policies: ReadonlySet<string>;
  readonly isEmpty: boolean;
}

const NAMES = ['authenticated', 'requiresScopes', 'policy'];

/** Reads `@authenticated`, `@requiresScopes` and `@policy` from a supergraph, also under an import alias or namespace. */
export function readRequirements(supergraphSdl: string): Requirements {
  const document = parse(supergraphSdl, { noLocation: true });
  const types = new Map<string, Requirement>();
  const fields = new Map<string, Requirement>();
  const policies = new Set<string>();
  const remember = (
    map: Map<string, Requirement>,
    key: string,
    directives: readonly ConstDirectiveNode[] | undefined,
  ) => {
    const requirement = requirementOf(directives ?? []);
    if (!requirement) return;
    map.set(key, requirement);
    for (const name of requirement.policies.flat()) policies.add(name);
  };
  for (const node of document.definitions) {
    if (node.kind === Kind.SCALAR_TYPE_DEFINITION || node.kind === Kind.ENUM_TYPE_DEFINITION)
      remember(types, node.name.value, node.directives);
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION && node.kind !== Kind.INTERFACE_TYPE_DEFINITION) continue;
    remember(types, node.name.value, node.directives);
    for (const field of node.fields ?? [])
      remember(fields, `${node.name.value}.${field.name.value}`, field.directives);
  }
  return { types, fields, policies, isEmpty: types.size === 0 && fields.size === 0 };
}

function requirementOf(directives: readonly ConstDirectiveNode[]): Requirement | undefined {
  const found = directives
    .map((directive) => ({ directive, name: directive.name.value.split('__').at(-1)! }))
    .filter(({ name }) => NAMES.includes(name));
  if (found.length === 0) return undefined;
  const sets = (name: string, argument: string) =>
    found
      .filter((entry) => entry.name === name)
      .flatMap(({ directive }) => {
        const value = directive.arguments?.find((node) => node.name.value === argument)?.value;
        return (value ? valueFromASTUntyped(value) : []) as string[][];
      });
  return {
    authenticated: found.some(({ name }) => name === 'authenticated'),
    scopes: sets('requiresScopes', 'scopes'),
    policies: sets('policy', 'policies'),
  };
}
