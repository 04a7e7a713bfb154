import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';

/** One operation with one value in it that no honest client sends. */
export interface Attempt {
  readonly field: string;
  /** Where the value stands, and the value. */
  readonly what: string;
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** Values that are right, by the name of their field; a function makes a new one for each use. */
export type RightValues = Readonly<Record<string, unknown>>;

const TEXTS = [
  '',
  '\u0000',
  'x',
  "';--",
  '\ud800',
  '💥'.repeat(50),
  'a'.repeat(9_000),
  '__proto__',
  '-1',
  '../..',
];
const NUMBERS = [0, -1, 2_147_483_647, -2_147_483_648, 1.5];
const FALLBACK: Record<string, unknown> = { Int: 1, Float: 1.5, Boolean: true, MinorUnits: 100 };

/** Every argument and input field of the API in turn, each with everything that may be wrong with it. */
export function* attempts(
  schema: GraphQLSchema,
  right: RightValues,
  skip: readonly string[],
): Generator<Attempt> {
  for (const [kind, root] of [
    ['query', schema.getQueryType()],
    ['mutation', schema.getMutationType()],
  ] as const) {
    for (const field of Object.values(root!.getFields()).filter(({ name }) => !skip.includes(name))) {
      const needed = field.args.filter(
        ({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined,
      );
      for (const arg of field.args) {
        for (const [what, value] of wrongs(arg.type, arg.name, right)) {
          const used = [...new Set([...needed, arg])];
          const variables = Object.fromEntries(
            used.map((each) => [each.name, rightValue(each.type, each.name, right)]),
          );
          const head = used.map(({ name, type }) => `$${name}: ${type}`).join(', ');
          const args = used.map(({ name }) => `${name}: $${name}`).join(', ');
          const query = `${kind} (${head}) { ${field.name}(${args}) ${selectionOf(field.type)} }`;
          yield { field: field.name, what, query, variables: { ...variables, [arg.name]: value } };
        }
      }
    }
  }
}

function selectionOf(type: Parameters<typeof getNamedType>[0]): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  return isObjectType(named) && named.getFields().errors ? '{ errors { code } }' : '{ __typename }';
}

/** Something that the field takes. */
function rightValue(type: GraphQLInputType, name: string, right: RightValues): unknown {
  if (isNonNullType(type)) return rightValue(type.ofType, name, right);
  if (isListType(type)) return [rightValue(type.ofType, name, right)];
  if (isEnumType(type)) return type.getValues()[0]!.name;
  if (isInputObjectType(type)) {
    const given = Object.values(type.getFields()).filter(
      (field) => isNonNullType(field.type) || field.name in right,
    );
    return Object.fromEntries(given.map((field) => [field.name, rightValue(field.type, field.name, right)]));
  }
  const value = right[name];
  const fitting = typeof value === 'function' ? value() : value;
  return fitting !== undefined && (type.name !== 'Int' || typeof fitting === 'number')
    ? fitting
    : (FALLBACK[type.name] ?? 'text');
}

function* wrongs(
  type: GraphQLInputType,
  name: string,
  right: RightValues,
  path = name,
): Generator<[string, unknown]> {
  const bare = isNonNullType(type) ? type.ofType : type;
  if (isListType(bare)) {
    for (const [what, value] of wrongs(bare.ofType, name, right, `${path}[]`)) yield [what, [value]];
    yield [`${path}: none`, []];
    yield [`${path}: too many`, Array.from({ length: 300 }, () => rightValue(bare.ofType, name, right))];
  } else if (isInputObjectType(bare)) {
    for (const field of Object.values(bare.getFields())) {
      for (const [what, value] of wrongs(field.type, field.name, right, `${path}.${field.name}`)) {
        yield [what, { ...(rightValue(bare, name, right) as object), [field.name]: value }];
      }
    }
  } else if (!isEnumType(bare)) {
    const values = ['String', 'ID'].includes(bare.name) ? TEXTS : bare.name === 'Boolean' ? [] : NUMBERS;
    for (const value of values) yield [`${path} = ${JSON.stringify(value).slice(0, 24)}`, value];
  }
}
