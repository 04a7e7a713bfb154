import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { Caller } from '@aisle/platform/identity';
import type { OperationHost } from '@aisle/platform/service';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { execute, parse, subscribe } from 'graphql';
import { composeSubgraphs } from '../compose/index.ts';
import type { RunningRouter } from './index.ts';
import { codeOf, post, testRouter } from './test/test-router.ts';

const sdl = /* GraphQL */ `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@authenticated", "@requiresScopes", "@policy"])
  type Query { open: String me: Me @authenticated }
  type Me { name: String salary: Int @requiresScopes(scopes: [["hr"]]) file: String @policy(policies: [["staff"]]) }
  type Subscription { mine: Me @authenticated changes: Me }
`;
const { supergraphSdl } = composeSubgraphs([
  { name: 'people', url: 'http://people.invalid', file: 'people.graphql', sdl },
]);
const me = { __typename: 'Me', name: 'Ada', salary: 7, file: 'thick' };
const schema = buildSubgraphSchema([
  {
    typeDefs: parse(sdl),
    resolvers: {
      Query: { open: () => 'yes', me: () => me },
      Subscription: {
        changes: {
          async *subscribe() {
            yield { changes: me };
          },
        },
        mine: {
          async *subscribe() {
            for (;;) yield { mine: me };
          },
        },
      },
    },
  },
]);

/** Fields the subgraph was asked for. */
const asked: string[] = [];
const people: OperationHost = {
  execute: async ({ query, document, variables }) => {
    asked.push(query);
    return JSON.parse(JSON.stringify(await execute({ schema, document, variableValues: variables ?? {} })));
  },
  subscribe: async ({ query, document }) => {
    asked.push(query);
    return (await subscribe({ schema, document })) as never;
  },
};
const user = (roles: Caller['roles'], scopes: string[] = []): Caller => ({
  kind: 'user',
  subject: roles.join(),
  roles,
  scopes,
  region: 'us',
});
const callers: Record<string, Caller> = {
  'key-customer': user(['customer']),
  'key-hr-person': user(['customer'], ['hr']),
  'key-of-staff': user(['staff'], ['hr']),
};

describe('@authenticated, @requiresScopes and @policy', () => {
  let router: RunningRouter;
  let strict: RunningRouter;
  const options = {
    supergraph: { sdl: supergraphSdl },
    hosts: { people },
    policies: { staff: (caller: Caller) => caller.roles.includes('staff') },
    resolveApiKey: async (key: string) => callers[key],
  };
  before(async () => {
    router = await testRouter(options);
    strict = await testRouter({ ...options, onDenied: 'error' });
  });
  after(() => Promise.all([router.stop(), strict.stop()]));
  const ask = (query: string, key?: string, from = router) =>
    post(from, { query }, key ? { 'x-api-key': key } : {});

  it('never ask a subgraph for what is withheld, and answer null with an error there', async () => {
    asked.length = 0;
    const { status, body } = await ask('{ open me { name } }');
    assert.equal(status, 200);
    assert.deepEqual(body.data, { open: 'yes', me: null });
    assert.deepEqual(body.errors[0].path, ['me']);
    assert.equal(body.errors[0].extensions.code, 'UNAUTHORIZED_FIELD');
    assert.doesNotMatch(asked.join(), /\bme\b/);
  });

  it('give each caller its own part of one operation', async () => {
    const query = '{ me { name salary file } }';
    assert.deepEqual((await ask(query, 'key-customer')).body.data, {
      me: { name: 'Ada', salary: null, file: null },
    });
    assert.deepEqual((await ask(query, 'key-hr-person')).body.data, {
      me: { name: 'Ada', salary: 7, file: null },
    });
    assert.deepEqual((await ask(query, 'key-of-staff')).body, {
      data: { me: { name: 'Ada', salary: 7, file: 'thick' } },
    });
    assert.deepEqual((await ask(query)).body.data, { me: null });
  });

  it('refuse the whole operation where that is configured', async () => {
    const answer = await ask('{ open me { name } }', undefined, strict);
    assert.equal(codeOf(answer), 'UNAUTHORIZED_FIELD');
    assert.equal(answer.body.data, undefined);
    assert.deepEqual((await ask('{ open }', undefined, strict)).body, { data: { open: 'yes' } });
  });

  it('hold for subscriptions', async () => {
    const events = async (query: string, key: string) => {
      const headers = { 'content-type': 'application/json', accept: 'text/event-stream', 'x-api-key': key };
      return (await fetch(router.url, { method: 'POST', headers, body: JSON.stringify({ query }) })).text();
    };
    assert.match(
      await events('subscription { changes { name salary } }', 'key-customer'),
      /"data":\{"changes":\{"name":"Ada","salary":null\}\}/,
    );
    assert.match(await events('subscription { changes { name salary } }', 'key-hr-person'), /"salary":7/);
  });

  it('hold for each event of a subscription anew', async () => {
    let asked = 0;
    const policies = { staff: () => ++asked <= 3 };
    const fickle = await testRouter({ ...options, policies });
    try {
      const headers = {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        'x-api-key': 'key-of-staff',
      };
      const body = JSON.stringify({ query: 'subscription { mine { file } }' });
      const text = await (await fetch(fickle.url, { method: 'POST', headers, body })).text();
      assert.equal(text.match(/"file":"thick"/g)?.length, 2);
      assert.match(text, /UNAUTHORIZED_FIELD.*\n\nevent: complete\ndata:\n\n$/);
    } finally {
      await fickle.stop();
    }
  });

  it('are not served without the function of every policy', async () => {
    await assert.rejects(testRouter({ ...options, policies: {} }), /policies that have no function: staff/);
  });
});
