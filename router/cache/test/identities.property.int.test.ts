import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { type Caller, REGIONS } from '@aisle/platform/identity';
import { buildSubgraphSchema } from '@apollo/subgraph';
import fc from 'fast-check';
import { execute, parse } from 'graphql';
import { createAuthoriser } from '../../authorisation/index.ts';
import { createEngine, type Engine, type EngineOptions, type SubgraphRequest } from '../../engine/index.ts';
import { testContext } from '../../fixtures/test-context.ts';
import { authorisedEngine } from '../../server/authorised-engine.ts';
import type { CacheStore } from '../index.ts';
import { CACHE_LINK, cachedGraph } from './cached-graph.ts';
import { testRedisStore } from './test-redis-store.ts';

const SEED = Number(process.env.CACHE_SEED ?? randomInt(2 ** 31));
const GRAPHS = Number(process.env.CACHE_GRAPHS ?? 12);
const FIELDS = 8;

/** What a field may answer by, and what is declared of it. Leaves without a hint are as public as what they are in. */
const KINDS = ['public', 'inherited', 'private', 'never'] as const;
type Kind = (typeof KINDS)[number];
const HINTS: Readonly<Record<Kind, string>> = {
  public: '@cacheControl(maxAge: 60)',
  inherited: '',
  private: '@cacheControl(maxAge: 60, scope: PRIVATE)',
  never: '@cacheControl(maxAge: 0)',
};
const RULES = [
  '',
  '',
  '@authenticated',
  '@requiresScopes(scopes: [["a"]])',
  '@requiresScopes(scopes: [["a", "b"], ["role:staff"]])',
];

const field = fc.record({ kind: fc.constantFrom(...KINDS), rule: fc.constantFrom(...RULES) });
const fields = fc.array(field, { minLength: FIELDS, maxLength: FIELDS });

const visitor: fc.Arbitrary<Caller> = fc.record({
  kind: fc.constant('anonymous' as const),
  subject: fc.constant(''),
  roles: fc.constant([]),
  region: fc.constantFrom(...REGIONS),
});
const user: fc.Arbitrary<Caller> = fc.record({
  kind: fc.constantFrom('guest' as const, 'user' as const),
  subject: fc.constantFrom('usr_1', 'usr_2', 'usr_3'),
  roles: fc.subarray(['customer', 'seller', 'staff'] as const),
  region: fc.constantFrom(...REGIONS),
  sellerId: fc.constantFrom('sel_1', 'sel_2'),
  sessionId: fc.constantFrom('ses_1', 'ses_2'),
  scopes: fc.subarray(['a', 'b', 'c']),
  expiresAt: fc.nat(),
});
const caller = fc.oneof({ arbitrary: user, weight: 4 }, visitor);

const names = Array.from({ length: FIELDS }, (_, index) => `f${index}`);
const query = fc.record({
  root: fc.constantFrom('items', 'items', 'own', 'never'),
  selected: fc.subarray(names, { minLength: 1, maxLength: 3 }),
  ids: fc.subarray(['1', '2'], { minLength: 1 }),
});
/** Callers who differ from one another in a single thing, where it is easiest to take one for the other. */
const callers = fc
  .tuple(
    caller,
    fc.array(
      fc.tuple(
        fc.constantFrom('kind', 'subject', 'roles', 'region', 'sellerId', 'sessionId', 'scopes', 'expiresAt'),
        user,
      ),
      { minLength: 6, maxLength: 10, size: 'max' },
    ),
  )
  .map(([first, changes]) => [
    first,
    ...changes.map(([name, other]) => ({ ...first, [name]: other[name as keyof Caller] }) as Caller),
  ]);

/** Few callers who ask for few things, many times: what could be mixed up meets often. */
const requests = fc
  .tuple(callers, fc.array(query, { minLength: 3, maxLength: 5, size: 'max' }))
  .chain(([askers, queries]) =>
    fc.array(
      fc.record({
        caller: fc.constantFrom(...askers),
        query: fc.constantFrom(...queries),
        cacheControl: fc.constantFrom(undefined, undefined, undefined, undefined, 'no-cache', 'no-store'),
      }),
      { minLength: 80, maxLength: 120, size: 'max' },
    ),
  );

/** What a subgraph may answer by: a public field by everything but who exactly is asking. */
function seen(kind: Kind, { subject, sessionId, expiresAt: _expiresAt, ...shared }: Caller): string {
  const isPrivate = kind === 'private' || kind === 'never';
  return JSON.stringify(isPrivate ? { subject, sessionId, ...shared } : shared);
}

const graphOf = (own: readonly { kind: Kind; rule: string }[]) => {
  const declare = (from: number) =>
    own
      .map(({ kind, rule }, index) => `f${index}: String ${HINTS[kind]} ${rule}`)
      .slice(from, from + FIELDS / 2)
      .join('\n');
  return {
    one: `type Query {
        items(ids: [ID!]!): [Item!]! @cacheControl(maxAge: 60)
        own(ids: [ID!]!): [Item!]! @cacheControl(maxAge: 60, scope: PRIVATE)
        never(ids: [ID!]!): [Item!]!
      }
      type Item @key(fields: "id") @cacheControl(maxAge: 60) { id: ID! ${declare(0)} }`,
    two: `type Item @key(fields: "id") @cacheControl(maxAge: 60) { id: ID! ${declare(FIELDS / 2)} }`,
  };
};

/** A subgraph whose every field says who it was told is asking. */
function scriptOf(sdl: string, own: readonly { kind: Kind }[]) {
  const ofFields = Object.fromEntries(
    own.map(({ kind }, index) => [
      `f${index}`,
      ({ id }: { id: string }, _: unknown, asking: Caller) => `${id} ${seen(kind, asking)}`,
    ]),
  );
  const items = (_: unknown, { ids }: { ids: string[] }) => ids.map((id) => ({ id }));
  const declared = names.filter((name) => sdl.includes(`${name}: String`));
  const schema = buildSubgraphSchema([
    {
      typeDefs: parse(CACHE_LINK + sdl),
      resolvers: {
        ...(sdl.includes('type Query') && { Query: { items, own: items, never: items } }),
        Item: {
          ...Object.fromEntries(declared.map((name) => [name, ofFields[name]])),
          __resolveReference: ({ id }: { id: string }) => ({ id }),
        },
      } as never,
    },
  ]);
  return async ({ document, variables, context }: SubgraphRequest) =>
    JSON.parse(
      JSON.stringify(
        await execute({ schema, document, variableValues: variables, contextValue: context.caller }),
      ),
    );
}

describe(`a cached answer never crosses identities (CACHE_SEED=${SEED})`, () => {
  let store: CacheStore;
  before(async () => {
    store = await testRedisStore();
  });
  after(() => store.close());

  test('each caller gets what they would get without the cache', async () => {
    let served = 0;
    const property = fc.asyncProperty(fields, requests, async (own, asked) => {
      const sdl = graphOf(own);
      const scripts = { one: scriptOf(sdl.one, own), two: scriptOf(sdl.two, own) };
      const cached = await cachedGraph(sdl, scripts, { store });
      const authorised = (engine: Engine) =>
        authorisedEngine(engine, createAuthoriser(cached.supergraphSdl, engine.apiSchema), 'null');
      const transports: EngineOptions['transports'] = (name) => ({
        execute: scripts[name as 'one' | 'two'],
        subscribe: () => Promise.reject(new Error('There are no subscriptions here')),
        close: async () => {},
      });
      const { supergraphSdl } = cached;
      const plain = authorised(await createEngine({ supergraphSdl, transports }));
      const engine = authorised(cached.engine);
      for (const { caller: asking, query: what, cacheControl } of asked) {
        const variables = { ids: what.ids };
        const source = `query ($ids: [ID!]!) { ${what.root}(ids: $ids) { ${what.selected.join(' ')} } }`;
        const context = { caller: asking, variables, ...(cacheControl && { cacheControl }) };
        const { policy: _policy, ...got } = await cached.run(source, context, engine);
        const operation = plain.prepare(source);
        if ('errors' in operation) throw operation.errors[0];
        const expected = await plain.execute(operation, variables, testContext({ caller: asking }));
        const about = `${source}\n${JSON.stringify(asking)}\n${JSON.stringify(own)}`;
        assert.deepEqual(got, JSON.parse(JSON.stringify(expected)), about);
      }
      served += cached.meter.value('aisle_router_cache_total', { subgraph: 'one', outcome: 'hit' });
    });
    await fc.assert(property, { seed: SEED, numRuns: GRAPHS });
    // A cache that serves nothing never mixes anything up.
    assert.ok(served > GRAPHS * 5, `only ${served} answers came from the cache`);
  });
});
