import assert from 'node:assert/strict';
import { it } from 'node:test';
import { cacheRulesOf } from '../cache/index.ts';
import { loadSupergraph } from '../engine/supergraph.ts';
import { composeSubgraphs } from './compose.ts';

const DIRECTIVE = `
  directive @cacheControl(maxAge: Int, scope: CacheControlScope, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT | INTERFACE | UNION
  enum CacheControlScope { PUBLIC PRIVATE }`;
const COMPOSED = `
  extend schema
    @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@composeDirective"])
    @link(url: "https://shop.example/cacheControl/v1.0", import: ["@cacheControl"])
    @composeDirective(name: "@cacheControl")${DIRECTIVE}`;
const PLAIN = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])${DIRECTIVE}`;

const compose = (sdl: Readonly<Record<string, string>>) =>
  composeSubgraphs(
    Object.entries(sdl).map(([name, text]) => ({
      name,
      url: `http://${name}.invalid`,
      file: name,
      sdl: text,
    })),
  );
const ONE = `
  type Query { item: Item @cacheControl(maxAge: 60) any: [Any] }
  union Any @cacheControl(maxAge: 5) = Item
  type Item @key(fields: "id") @cacheControl(maxAge: 300) { id: ID! a: Money name: String @cacheControl(maxAge: 9, scope: PRIVATE) }
  type Money @shareable @cacheControl(inheritMaxAge: true) { minor: Int }`;
const TWO = `
  type Item @key(fields: "id") { id: ID! b: Money }
  extend type Item @cacheControl(maxAge: 3)
  type Money @shareable { minor: Int }`;

for (const [how, header, ofUnions] of [
  ['composed by @composeDirective', COMPOSED, { Any: { maxAge: 5 } }],
  ['only defined', PLAIN, {}],
] as const)
  it(`hints that are ${how} stay those of their subgraphs, and nothing is said of their differing`, async () => {
    const { supergraphSdl, hints } = compose({ one: header + ONE, 'two-two': header + TWO });
    assert.deepEqual(
      hints.filter(({ code }) => code.startsWith('INCONSISTENT')),
      [],
    );
    const rules = cacheRulesOf(supergraphSdl);
    assert.deepEqual(Object.fromEntries(rules.get('one')?.hints ?? []), {
      'Query.item': { maxAge: 60 },
      ...ofUnions,
      Item: { maxAge: 300 },
      'Item.name': { maxAge: 9, scope: 'PRIVATE' },
      Money: { inheritMaxAge: true },
    });
    assert.deepEqual(Object.fromEntries(rules.get('two-two')?.hints ?? []), { Item: { maxAge: 3 } });
    assert.equal((await loadSupergraph(supergraphSdl)).subgraphs.length, 2);
  });

it('a supergraph without hints is as composition made it', () => {
  const { supergraphSdl } = compose({ one: 'type Query { a: Int }' });
  assert.doesNotMatch(supergraphSdl, /cacheControl/);
});
