import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { systemClock } from '@aisle/platform/clock';
import { ENVELOPE_HEADER, openEnvelope, sealEnvelope } from '@aisle/platform/identity';
import { silentLog } from '@aisle/platform/log';
import type { OperationHost } from '@aisle/platform/service';
import { createMeter } from '@aisle/platform/telemetry';
import { buildSchema, parse } from 'graphql';
import { serveHttp } from '../../../platform/service/http-server.ts';
import type { RunningRouter } from '../index.ts';
import { type HttpSubgraph, httpSubgraph } from './http-subgraph.ts';
import { codeOf, post, testHosts, testRouter } from './test-router.ts';

const KEY = 'a key of this test';
let router: RunningRouter;
let subgraphs: readonly HttpSubgraph[];

/** Subgraphs behind HTTP, so that it shows what of an attack reaches them. */
before(async () => {
  const [catalogue, inventory] = await Promise.all(
    ['catalogue', 'inventory'].map((name) => httpSubgraph(testHosts[name] as OperationHost)),
  );
  subgraphs = [catalogue as HttpSubgraph, inventory as HttpSubgraph];
  router = await testRouter({
    mode: 'production',
    hosts: {},
    routingUrls: { catalogue: (catalogue as HttpSubgraph).url, inventory: (inventory as HttpSubgraph).url },
    envelopeKey: KEY,
  });
});
after(async () => {
  await router.stop();
  await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
});
const calls = () => subgraphs.reduce((sum, subgraph) => sum + subgraph.calls.length, 0);
const many = (n: number, make: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => make(i)).join(' ');

describe('attacks by document', () => {
  const cases: Record<string, { query: string | object; code: string; status?: number }> = {
    'alias overloading': {
      query: `{ ${many(40, (i) => `a${i}: product(id: "1") { title }`)} }`,
      code: 'LIMIT_ALIASES',
    },
    'alias overloading of __typename': {
      query: `{ ${many(16, (i) => `a${i}: __typename`)} }`,
      code: 'LIMIT_ALIASES',
    },
    'field duplication': { query: `{ ${'__typename '.repeat(200)} }`, code: 'LIMIT_REPEATS' },
    'directive overloading': { query: `{ __typename ${'@a '.repeat(200)} }`, code: 'LIMIT_DIRECTIVES' },
    'deep nesting': { query: `${'{ node '.repeat(60)}{ id }${'}'.repeat(60)}`, code: 'LIMIT_DEPTH' },
    'a document of many tokens': { query: `{ ${'a '.repeat(2000)} }`, code: 'LIMIT_TOKENS' },
    'circular introspection': {
      query: '{ __schema { types { fields { type { fields { type { name } } } } } } }',
      code: 'INTROSPECTION_DISABLED',
    },
    'introspection in a fragment': {
      query: '{ ...F } fragment F on Query { __type(name: "Product") { name } }',
      code: 'INTROSPECTION_DISABLED',
    },
    'a huge page': { query: '{ products(first: 100000) { title } }', code: 'LIMIT_PAGE' },
    'cyclic fragments': {
      query: '{ node { ...A } } fragment A on Node { node { ...B } } fragment B on Node { node { ...A } }',
      code: 'GRAPHQL_VALIDATION_FAILED',
      status: 200,
    },
    'a 2ⁿ fragment bomb': {
      query: `{ ...F40 } fragment F0 on Query { __typename } ${many(40, (i) => `fragment F${i + 1} on Query { ...F${i} ...F${i} }`)}`,
      code: 'LIMIT_REPEATS',
    },
    'another subgraph machinery': {
      query: '{ _service { sdl } }',
      code: 'GRAPHQL_VALIDATION_FAILED',
      status: 200,
    },
  };
  for (const [name, { query, code, status = 400 }] of Object.entries(cases)) {
    it(`refuses ${name} at once, and asks no subgraph`, async () => {
      const asked = calls();
      const started = performance.now();
      const answer = await post(router, { query });
      assert.ok(performance.now() - started < 1000);
      assert.equal(codeOf(answer), code);
      assert.equal(answer.status, status);
      assert.equal(calls(), asked);
    });
  }

  it('refuses a batch of operations', async () => {
    const answer = await post(router, Array(50).fill({ query: '{ __typename }' }));
    assert.equal(codeOf(answer), 'BATCHING_NOT_SUPPORTED');
  });

  it('refuses a large page by variable', async () => {
    const query = 'query ($n: Int) { products(first: $n) { title } }';
    assert.equal(codeOf(await post(router, { query, variables: { n: 1e6 } })), 'LIMIT_PAGE');
  });

  it('runs one operation of a document that has many', async () => {
    const query = many(20, (i) => `query Q${i} { a: product(id: "${i}") { title } }`);
    assert.equal(
      codeOf(await post(router, { query: query.replace(/a: /g, '') })),
      'OPERATION_RESOLUTION_FAILURE',
    );
  });

  it('takes names of inherited properties for what they are', async () => {
    const answer = await post(router, {
      query: '{ __proto__: __typename constructor: __typename }',
      variables: JSON.parse('{"__proto__": {"admin": true}}'),
    });
    assert.equal(answer.status, 200);
    assert.equal(({} as Record<string, unknown>).admin, undefined);
  });
});

describe('attacks on identity between router and subgraph', () => {
  const last = () => subgraphs[0]?.calls.at(-1) as HttpSubgraph['calls'][number];

  it('drops internal headers that a client brings, and signs for who it really is', async () => {
    const caller = { kind: 'service', subject: 'orders', roles: ['service'], region: 'us' } as const;
    const stolen = {
      caller,
      issuer: 'router',
      audience: 'catalogue',
      requestId: 'r',
      issuedAt: Date.now(),
      deadline: Date.now() + 10_000,
    };
    const forged = sealEnvelope(stolen, '', 'another key');
    const headers = {
      [ENVELOPE_HEADER]: forged,
      'x-aisle-caller': 'admin',
      'x-forwarded-for': '10.0.0.1',
      cookie: 'a=b',
    };
    await post(router, { query: '{ product(id: "1") { title } }' }, headers);
    const { headers: sent, body } = last();
    assert.notEqual(sent[ENVELOPE_HEADER], forged);
    for (const name of ['x-aisle-caller', 'x-forwarded-for', 'cookie']) assert.equal(sent[name], undefined);
    const envelope = openEnvelope(String(sent[ENVELOPE_HEADER]), {
      key: KEY,
      audience: 'catalogue',
      body,
      now: Date.now(),
    });
    assert.equal(envelope.caller.kind, 'anonymous');
    assert.equal(envelope.issuer, 'router');
  });

  it('does not hand the access token on', async () => {
    const answer = await post(
      router,
      { query: '{ product(id: "1") { title } }' },
      { authorization: 'Bearer x.y.z' },
    );
    assert.equal(answer.status, 401);
    assert.equal(codeOf(answer), 'UNAUTHENTICATED');
    assert.equal(last().headers.authorization, undefined);
  });

  it('has subgraphs refuse calls that are unsigned, replayed later, for another, or with another body', async () => {
    const schema = buildSchema('type Query { a: String }');
    const subgraph = await serveHttp({
      name: 'catalogue',
      host: {
        schema,
        prepare: (query) => parse(query),
        execute: async () => ({ data: { a: 'secret' } }),
        subscribe: () => Promise.reject(new Error('none')),
      },
      envelopeKey: KEY,
      routes: {},
      ready: async () => true,
      meter: createMeter(),
      clock: systemClock,
      log: silentLog,
      port: 0,
    });
    const body = JSON.stringify({ query: '{ a }' });
    const ask = async (envelope: string | undefined, sent = body) => {
      const response = await fetch(subgraph.url, {
        method: 'POST',
        body: sent,
        headers: { 'content-type': 'application/json', ...(envelope && { [ENVELOPE_HEADER]: envelope }) },
      });
      await response.text();
      return response.status;
    };
    const seal = (age = 0, audience = 'catalogue', key = KEY) => {
      const issuedAt = Date.now() - age;
      const caller = { kind: 'anonymous', subject: '', roles: [], region: 'us' } as const;
      return sealEnvelope(
        { caller, issuer: 'router', audience, requestId: 'r', issuedAt, deadline: issuedAt + 15_000 },
        body,
        key,
      );
    };
    try {
      assert.equal(await ask(seal()), 200);
      assert.equal(await ask(undefined), 401);
      assert.equal(await ask(seal(60_000)), 401);
      assert.equal(await ask(seal(0, 'orders')), 401);
      assert.equal(await ask(seal(0, 'catalogue', 'another key')), 401);
      assert.equal(await ask(seal(), JSON.stringify({ query: '{ b }' })), 401);
    } finally {
      await subgraph.stop();
    }
  });
});

describe('_entities by a stranger', async () => {
  const sdl = await readFile(join(import.meta.dirname, '../../../schema/supergraph.graphql'), 'utf8');
  const keys = [...sdl.matchAll(/type (\w+)[^{]*?@join__type\(graph: \w+, key: "([^"{]+)"/g)].map(
    ([, type, key]) => ({
      type: type as string,
      fields: (key as string).trim().split(/\s+/),
    }),
  );
  let aisle: RunningRouter;
  before(async () => {
    const never: OperationHost = {
      execute: () => assert.fail('a subgraph was asked'),
      subscribe: () => assert.fail('a subgraph was asked'),
    };
    const names = [...sdl.matchAll(/@join__graph\(name: "([^"]+)"/g)].map(([, name]) => [
      name as string,
      never,
    ]);
    aisle = await testRouter({ supergraph: { sdl }, hosts: Object.fromEntries(names) });
  });
  after(() => aisle.stop());

  it('finds the keys of our supergraph', () => assert.ok(keys.length >= 5));

  for (const { type, fields } of keys) {
    it(`is refused for ${type} by ${fields.join(' ')}`, async () => {
      const representation = {
        __typename: type,
        ...Object.fromEntries(fields.map((field) => [field, 'stolen'])),
      };
      const query = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on ${type} { ${fields.join(' ')} } } }`;
      const answer = await post(aisle, { query, variables: { r: [representation] } });
      assert.equal(codeOf(answer), 'GRAPHQL_VALIDATION_FAILED');
      assert.equal(answer.body.data, undefined);
    });
  }
});
