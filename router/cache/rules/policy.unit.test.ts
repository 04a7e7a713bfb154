import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildSchema, parse } from 'graphql';
import { composeCached } from '../test/cached-graph.ts';
import { policyOf } from './policy.ts';
import { cacheRulesOf } from './rules.ts';
import { parseTemplate } from './tag-template.ts';

const SDL = /* GraphQL */ `
  type Query {
    hinted: Thing @cacheControl(maxAge: 60)
    bare: Thing
    number: Int
    typed: Typed
    private: Thing @cacheControl(maxAge: 60, scope: PRIVATE)
    inherits: Thing @cacheControl(inheritMaxAge: true)
    any: Any @cacheControl(maxAge: 50)
    named: Named @cacheControl(maxAge: 50)
  }
  type Thing {
    text: String
    short: String @cacheControl(maxAge: 5)
    secret: String @cacheControl(scope: PRIVATE)
    child: Thing
    close: Thing @cacheControl(inheritMaxAge: true)
    typed: Typed
    value: Value
    again: Typed @cacheControl(inheritMaxAge: true)
  }
  type Typed @cacheControl(maxAge: 30) {
    text: String
  }
  type Value @cacheControl(inheritMaxAge: true) {
    text: String
  }
  interface Named {
    name: String
  }
  type A implements Named {
    name: String @cacheControl(maxAge: 7)
  }
  type B implements Named {
    name: String
  }
  union Any = A | B
  type Entity @key(fields: "id") @cacheControl(maxAge: 40) {
    id: ID!
    text: String
  }
  type Open @key(fields: "id") {
    id: ID!
    hinted: Int @cacheControl(maxAge: 9)
    text: String
  }`;
const supergraph = composeCached({ one: SDL });
const plain = SDL.replace(/@(cacheControl|key)\([^)]*\)/g, '');
const schema = buildSchema(
  `${plain} union _Entity = Entity | Open scalar _Any extend type Query { _entities(representations: [_Any!]!): [_Entity]! }`,
);
const rules = cacheRulesOf(supergraph).get('one')!;
const keys = new Map([
  ['Entity', [['id']]],
  ['Open', [['id']]],
]);
const policy = (query: string, defaultMaxAge = 0) =>
  policyOf(parse(query), { schema, rules, defaultMaxAge, keys });
const entities = (selection: string) =>
  policy(`query ($r: [_Any!]!) { _entities(representations: $r) { ${selection} } }`).maxAge;

describe('the policy of a fetch', () => {
  for (const [query, maxAge] of [
    ['{ hinted { text } }', 60],
    ['{ hinted { text short } }', 5],
    ['{ bare { text } }', 0],
    ['{ number }', 0],
    ['{ typed { text } }', 30],
    ['{ hinted { text } typed { text } }', 30],
    ['{ hinted { child { text } } }', 0],
    ['{ hinted { close { text } } }', 60],
    ['{ hinted { value { text } } }', 60],
    ['{ hinted { again { text } } }', 30],
    ['{ inherits { text } }', 0],
    ['{ hinted { ...F } } fragment F on Thing { text ... on Thing { short } }', 5],
    ['{ any { __typename ... on A { name } } }', 7],
    ['{ any { ... on B { name } } }', 50],
    ['{ named { name } }', 7],
    ['{ __typename }', 0],
  ] as const)
    it(`${query} may be kept for ${maxAge} s`, () => assert.equal(policy(query).maxAge, maxAge));

  it('takes the default where nothing is said', () => {
    assert.equal(policy('{ number }', 12).maxAge, 12);
    assert.equal(policy('{ hinted { child { short } } }', 12).maxAge, 5);
  });

  it('is private as soon as anything is', () => {
    assert.equal(policy('{ hinted { text } }').scope, 'PUBLIC');
    assert.equal(policy('{ hinted { secret } }').scope, 'PRIVATE');
    assert.equal(policy('{ private { text } }').scope, 'PRIVATE');
  });

  it('of entities begins with that of their type; without one, every field needs its own', () => {
    assert.equal(entities('... on Entity { id text }'), 40);
    assert.equal(entities('... on Open { __typename id hinted }'), 9);
    assert.equal(entities('... on Open { hinted text }'), 0);
    assert.equal(entities('... on Entity { text } ... on Open { hinted }'), 9);
  });
});

describe('hints of a supergraph', () => {
  const type = (hint: string, field: string) =>
    `type Shared @key(fields: "id") ${hint} { id: ID! ${field}: Int }`;
  const of = (subgraph: string, sdl: string) => cacheRulesOf(sdl).get(subgraph)?.hints.get('Shared');

  it('count for the subgraph that said so', () => {
    const sdl = composeCached({
      one: `type Query { a: Shared } ${type('@cacheControl(maxAge: 300)', 'x')}`,
      two: type('@cacheControl(maxAge: 3)', 'y'),
      three: type('', 'z'),
    });
    assert.deepEqual(
      [of('one', sdl), of('two', sdl), of('three', sdl)],
      [{ maxAge: 300 }, { maxAge: 3 }, undefined],
    );
  });

  it('that another composition merged count where the directive is declared', () => {
    const merged = composeCached({
      one: `type Query { a: Shared } ${type('@cacheControl(maxAge: 300)', 'x')}`,
      two: type('', 'y'),
    }).replaceAll(/@join__directive\(graphs: \[\w+\], name: "cacheControl", args: \{[^}]*\}\)/g, '');
    assert.deepEqual([of('one', merged), of('two', merged)], [{ maxAge: 300 }, { maxAge: 300 }]);
    const undeclared = merged.replace(
      /(enum CacheControlScope\s*@join__type\(graph: ONE\))\s*@join__type\(graph: TWO\)/,
      '$1',
    );
    assert.deepEqual([of('one', undeclared), of('two', undeclared)], [{ maxAge: 300 }, undefined]);
  });
});

describe('the format of a tag', () => {
  it('is filled, and tells which tags it can give', () => {
    const template = parseTemplate('Product', 'product-{$key.id}-{$key.site.code}');
    assert.deepEqual(template.paths, [['id'], ['site', 'code']]);
    assert.equal(template.fill(['1', 2]), 'product-1-2');
    assert.equal(template.fill(['1', undefined]), undefined);
    assert.equal(template.fill([{}, '1']), undefined);
    assert.ok(template.matches('product-a\nb-c'));
    assert.ok(!template.matches('products-1-2'));
    assert.ok(parseTemplate('Query.x', 'all').matches('all'));
  });

  it('that cannot be understood is refused by name', () => {
    assert.throws(
      () => parseTemplate('@cacheTag of Query.x', 'a-{$context.user}'),
      /@cacheTag of Query\.x .*a-\{\$context\.user\}/,
    );
    assert.throws(() => parseTemplate('cache.mutations.x', '{$key}'), /^Error: cache\.mutations\.x has/);
  });
});
