// The schema as the graph tells it, and what the explorer wants to know of it.
const TYPE = 'kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } }';
const QUERY = `query ExplorerSchema {
  __schema {
    queryType { name } mutationType { name } subscriptionType { name }
    types {
      kind name description
      fields(includeDeprecated: true) { name description isDeprecated deprecationReason type { ${TYPE} } args { name description defaultValue type { ${TYPE} } } }
      inputFields { name description defaultValue type { ${TYPE} } }
      interfaces { name } possibleTypes { name }
      enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
    }
  }
}`;

export const namedType = (type) => (type.ofType ? namedType(type.ofType) : type);
export const typeText = (type) =>
  type.kind === 'NON_NULL'
    ? `${typeText(type.ofType)}!`
    : type.kind === 'LIST'
      ? `[${typeText(type.ofType)}]`
      : type.name;

export async function loadSchema(send) {
  const { body } = await send({ query: QUERY, operationName: 'ExplorerSchema' });
  if (!body?.data) throw new Error(body?.errors?.[0]?.message ?? 'The schema cannot be read.');
  const { types, queryType, mutationType, subscriptionType } = body.data.__schema;
  const byName = new Map(types.map((type) => [type.name, type]));
  const roots = {
    query: queryType?.name,
    mutation: mutationType?.name,
    subscription: subscriptionType?.name,
  };
  return { types: types.filter((type) => !type.name.startsWith('__')), byName, roots };
}

/** A first operation for a graph nobody has written one for: a root field without required arguments, and its plain fields. */
export function starter({ byName, roots }) {
  const query = byName.get(roots.query);
  const easy = query?.fields?.find((field) =>
    field.args.every((arg) => arg.type.kind !== 'NON_NULL' || arg.defaultValue !== null),
  );
  if (!easy) return '{\n  __typename\n}\n';
  const below = byName.get(namedType(easy.type).name);
  const leaves = (below?.fields ?? []).filter(
    (field) => ['SCALAR', 'ENUM'].includes(namedType(field.type).kind) && field.args.length === 0,
  );
  const names = below?.fields ? [...leaves.slice(0, 4).map(({ name }) => name)] : undefined;
  if (names?.length === 0) names.push('__typename');
  return `query First {\n  ${easy.name}${names ? ` {\n    ${names.join('\n    ')}\n  }` : ''}\n}\n`;
}
