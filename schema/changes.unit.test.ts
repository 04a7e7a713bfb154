import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildSchema, parse } from 'graphql';
import { judge } from './changes.ts';

const BEFORE = /* GraphQL */ `
  directive @once repeatable on FIELD
  type Query { product(id: ID!, size: Int = 3, plain: Int): Product node: Node found: [Found] state: State sort(by: State): Int unused: Unused }
  type Mutation { add(input: Add!): Int }
  interface Node { id: ID! }
  type Product implements Node { id: ID! title: String! state: State }
  type Shop implements Node { id: ID! }
  type Unused { a: Int! b: Unusual }
  union Found = Product | Shop
  enum State { NEW OLD }
  enum Unusual { X Y }
  input Add { sku: ID! lines: [Line!] state: State many: Int = 1 }
  input Line { pieces: Int }
  input Other { o: Int }
`;
const OPERATIONS = [
  'query ProductPage { product(id: 1) { title state } }',
  'query Nodes { node { id } found { __typename } }',
  'mutation Add($input: Add!) { add(input: $input) }',
  'query Sort($by: State) { sort(by: $by) }',
  'query Once { product(id: 1, size: 4, plain: 1) @once { id } }',
].map((text) => {
  const document = parse(text);
  const [definition] = document.definitions;
  const name = definition && 'name' in definition ? definition.name?.value : '';
  return { name: `web:${name}`, document };
});

function judged(from: string | RegExp, to: string) {
  const after = BEFORE.replace(from, to);
  assert.notEqual(after, BEFORE);
  return judge(buildSchema(BEFORE), buildSchema(after), OPERATIONS);
}

describe('a change that breaks a client names it', () => {
  const cases: [string, string | RegExp, string, RegExp[]][] = [
    ['a field is gone', 'title: String! ', '', [/^breaks web:ProductPage: Cannot query field "title"/]],
    [
      'a field may be null',
      'title: String!',
      'title: String',
      [/^breaks web:ProductPage: Product.title changed type from String! to String/],
    ],
    [
      'a field is of another type',
      'title: String!',
      'title: Int!',
      [/^breaks web:ProductPage: .*from String! to Int!/],
    ],
    ['a field is a list', 'title: String!', 'title: [String!]!', [/^breaks web:ProductPage: /]],
    ['an argument is gone', ', plain: Int', '', [/^breaks web:Once: Unknown argument "plain"/]],
    ['an argument is of another type', 'plain: Int', 'plain: String', [/^breaks web:Once: /]],
    ['an argument is needed', 'plain: Int', 'plain: Int!', [/^breaks web:ProductPage: .*"plain"/]],
    [
      'a new argument is needed',
      'plain: Int',
      'plain: Int, more: Int!',
      [/^breaks web:ProductPage: .*"more"/, /^breaks web:Once: .*"more"/],
    ],
    [
      'an input field is needed that was not there',
      'sku: ID!',
      'sku: ID! price: Int!',
      [/^breaks web:Add: A required field price on input type Add/],
    ],
    [
      'one is needed two levels down',
      'pieces: Int',
      'pieces: Int m: Int!',
      [/^breaks web:Add: A required field m on input type Line/],
    ],
    ['an input field is gone', 'pieces: Int', 'm: Int', [/^breaks web:Add: Line.pieces was removed/]],
    ['an input field is of another type', 'sku: ID!', 'sku: Int!', [/^breaks web:Add: Add.sku changed type/]],
    [
      'an input field may not be null any more',
      'pieces: Int',
      'pieces: Int!',
      [/^breaks web:Add: Line.pieces changed type from Int to Int!/],
    ],
    [
      'a value that clients may send is gone',
      'NEW OLD',
      'NEW',
      [/^breaks web:Add: OLD was removed/, /^breaks web:Sort: OLD was removed/],
    ],
    [
      'a type is of another kind',
      'enum State { NEW OLD }',
      'scalar State',
      [/^breaks web:ProductPage: State changed from an Enum type to a Scalar type/],
    ],
    [
      'an interface has fewer types',
      'Shop implements Node',
      'Shop',
      [/^breaks web:Nodes: Shop no longer implements interface Node/],
    ],
    [
      'a directive is gone',
      'directive @once repeatable on FIELD',
      '',
      [/^breaks web:Once: Unknown directive "@once"/],
    ],
    [
      'a directive may not stand there',
      '@once repeatable on FIELD',
      '@once repeatable on QUERY',
      [/^breaks web:Once: Directive "@once" may not be used on FIELD/],
    ],
    ['there are no mutations any more', /type Mutation .*/, '', [/^breaks web:Add: /]],
  ];
  for (const [what, from, to, messages] of cases) {
    it(what, () => {
      const { breaking } = judged(from, to);
      for (const message of messages)
        assert.ok(
          breaking.some((line) => message.test(line)),
          `${message} in ${breaking.join('; ')}`,
        );
    });
  }
});

describe('a change that clients may notice names them, and breaks none', () => {
  const cases: [string, string, string, RegExp][] = [
    ['a new value', 'NEW OLD', 'NEW OLD GONE', /^VALUE_ADDED_TO_ENUM: .* \(met by web:ProductPage\)$/],
    [
      'a new member of a union',
      '= Product | Shop',
      '= Product | Shop | Unused',
      /^TYPE_ADDED_TO_UNION: .* \(met by web:Nodes\)$/,
    ],
    [
      'one member less',
      '= Product | Shop',
      '= Product',
      /^TYPE_REMOVED_FROM_UNION: .* \(met by web:Nodes\)$/,
    ],
    [
      'an interface of more types',
      'type Unused { a',
      'type Unused implements Node { id: ID! a',
      /^IMPLEMENTED_INTERFACE_ADDED: .* \(met by web:Nodes\)$/,
    ],
    [
      'another default',
      'size: Int = 3',
      'size: Int = 4',
      /^ARG_DEFAULT_VALUE_CHANGE: .*from 3 to 4. \(met by web:ProductPage\)$/,
    ],
    [
      'a default where there was none',
      'plain: Int',
      'plain: Int = 1',
      /^ARG_DEFAULT_VALUE_CHANGE: .*from none to 1. \(met by web:ProductPage\)$/,
    ],
    [
      'another default of an input field',
      'many: Int = 1',
      'many: Int = 2',
      /^INPUT_FIELD_DEFAULT_VALUE_CHANGE: Add.many .*from 1 to 2. \(met by web:Add\)$/,
    ],
    [
      'no default of an input field',
      'many: Int = 1',
      'many: Int',
      /^INPUT_FIELD_DEFAULT_VALUE_CHANGE: .*from 1 to none/,
    ],
    [
      'a field nobody asks for',
      'a: Int!',
      'a: Int',
      /^FIELD_CHANGED_KIND: Unused.a changed type from Int! to Int.$/,
    ],
    ['an input nobody sends', 'o: Int', 'o: Int p: Int!', /^REQUIRED_INPUT_FIELD_ADDED: [^(]*$/],
    ['a value nobody sends', 'X Y', 'X', /^VALUE_REMOVED_FROM_ENUM: Y was removed from enum type Unusual.$/],
    ['a directive that may not be repeated', '@once repeatable', '@once', /^DIRECTIVE_REPEATABLE_REMOVED/],
  ];
  for (const [what, from, to, line] of cases) {
    it(what, () => {
      const { breaking, noticed } = judged(from, to);
      assert.deepEqual(breaking, []);
      assert.ok(
        noticed.some((one) => line.test(one)),
        `${line} in ${noticed.join('; ')}`,
      );
    });
  }

  it('and what only adds is nothing', () => {
    const { breaking, noticed } = judged('title: String!', 'title: String! more: Int');
    assert.deepEqual({ breaking, noticed }, { breaking: [], noticed: [] });
  });
});
