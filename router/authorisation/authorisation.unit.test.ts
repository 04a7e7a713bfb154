import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Caller } from '@aisle/platform/identity';
import { buildSchema, execute, type GraphQLError, parse, validate } from 'graphql';
import { createAuthoriser, restoreDenied, UnknownPolicies } from './index.ts';

const SDL = `
directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
directive @policy(policies: [[String!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
type Query { me: User @authenticated product(id: ID!): Product node(id: ID!): Node list: [User!]! audit: Audit }
interface Node { id: ID! secret: String }
type User implements Node { id: ID! name: String! email: String! @requiresScopes(scopes: [["users:read", "pii"], ["admin"]]) secret: String @authenticated friends: [User!] }
type Product implements Node { id: ID! title: String! secret: String margin: Int! @policy(policies: [["staff"]]) }
type Audit @policy(policies: [["staff"]]) { entries: Int }
`;
const schema = buildSchema(SDL);
const staff = (caller: Caller) => caller.roles.includes('staff');
const authoriser = createAuthoriser(SDL, schema, { staff });
const visitor: Caller = { kind: 'anonymous', subject: '', roles: [], region: 'eu' };
const user = (scopes: string[] = [], roles: Caller['roles'] = ['customer']): Caller => ({
  kind: 'user',
  subject: 'u',
  roles,
  scopes,
  region: 'eu',
});

const people = {
  __typename: 'User',
  id: '1',
  name: 'Ada',
  email: 'ada@x',
  secret: 's',
  friends: [{ __typename: 'User', id: '2', name: 'Bob', email: 'bob@x' }],
};
const rootValue = {
  me: people,
  list: [people],
  product: { __typename: 'Product', id: 'p', title: 'Tea', margin: 3, secret: 'ps' },
  node: { __typename: 'Product', id: 'p', secret: 'ps', title: 'Tea', margin: 3 },
  audit: { entries: 7 },
};

/** Runs what is left of a query and puts the nulls back, as the router does. */
function ask(query: string, caller: Caller, variables: Record<string, unknown> = {}) {
  const document = parse(query);
  assert.deepEqual(validate(schema, document), []);
  const { document: left, denied } = authoriser.filter(document, caller);
  if (left) assert.deepEqual(validate(schema, left), [], 'what is left is valid');
  const result = left
    ? execute({ schema, document: left, rootValue, variableValues: variables })
    : { data: {} };
  const { data, errors } = result as { data: Record<string, unknown>; errors?: GraphQLError[] };
  assert.equal(errors, undefined);
  const restored = restoreDenied(JSON.parse(JSON.stringify(data)), { schema, document, denied, variables });
  return { data: restored.data, paths: restored.errors.map(({ path }) => path?.join('.')) };
}

test('what the caller may see is answered whole', () => {
  assert.deepEqual(ask('{ me { name email } }', user(['users:read', 'pii'])), {
    data: { me: { name: 'Ada', email: 'ada@x' } },
    paths: [],
  });
  assert.deepEqual(ask('{ me { email } }', user(['admin'])).paths, []);
  assert.deepEqual(ask('{ product(id: 1) { margin } audit { entries } }', user([], ['staff'])), {
    data: { product: { margin: 3 }, audit: { entries: 7 } },
    paths: [],
  });
});

test('a field that needs a sign-in is null for a visitor, and nothing is planned for it', () => {
  const { document } = authoriser.filter(parse('{ me { name } product(id: 1) { title } }'), visitor);
  assert.ok(!JSON.stringify(document).includes('"me"'));
  assert.deepEqual(ask('{ me { name } product(id: 1) { title } }', visitor), {
    data: { me: null, product: { title: 'Tea' } },
    paths: ['me'],
  });
});

test('one set of scopes must be complete', () => {
  assert.deepEqual(ask('{ me { name email } }', user(['users:read'])), {
    data: { me: null },
    paths: ['me.email'],
  });
});

test('a non-null field that is withheld takes its object with it, up to the next nullable place', () => {
  assert.deepEqual(ask('{ product(id: 1) { title margin } }', user()), {
    data: { product: null },
    paths: ['product.margin'],
  });
  assert.deepEqual(ask('{ list { name email } }', user()), { data: null, paths: ['list.0.email'] });
  assert.deepEqual(ask('{ me { name friends { name email } } }', user()), {
    data: { me: { name: 'Ada', friends: null } },
    paths: ['me.friends.0.email'],
  });
});

test('a whole type may be withheld', () => {
  assert.deepEqual(ask('{ audit { entries } }', user()), { data: { audit: null }, paths: ['audit'] });
});

test('a field of an interface is withheld when one of its types withholds it: presence tells nothing', () => {
  assert.deepEqual(ask('{ node(id: 1) { id secret } }', visitor), {
    data: { node: { id: 'p', secret: null } },
    paths: ['node.secret'],
  });
  assert.deepEqual(ask('{ node(id: 1) { id ... on Product { title margin } } }', user()), {
    data: { node: null },
    paths: ['node.margin'],
  });
});

test('aliases, fragments, skipped fields and variables of removed fields', () => {
  const query =
    'query Q($id: ID!, $no: Boolean!) { a: me { ...F } b: product(id: $id) { t: title margin @include(if: $no) } } fragment F on User { n: name e: email }';
  const { data, paths } = ask(query, user(), { id: '1', no: false });
  assert.deepEqual(data, { a: null, b: { t: 'Tea' } });
  assert.deepEqual(paths, ['a.e']);
  assert.deepEqual(ask('query Q($id: ID!) { product(id: $id) { margin } }', user(), { id: '1' }), {
    data: { product: null },
    paths: ['product.margin'],
  });
});

test('a policy without a function is refused at start, one that throws is a no', () => {
  assert.throws(() => createAuthoriser(SDL, schema, {}), UnknownPolicies);
  const broken = createAuthoriser(SDL, schema, {
    staff: () => {
      throw new Error('down');
    },
  });
  assert.equal(broken.filter(parse('{ audit { entries } }'), user([], ['staff'])).denied.size, 1);
});

test('a graph without requirements needs no looking', () => {
  const plain = 'type Query { a: Int }';
  assert.equal(createAuthoriser(plain, buildSchema(plain)).isNeeded, false);
});

test('@skip and @include decide by the default of a variable that was not sent', () => {
  const operation = 'query ($with: Boolean = true) { a: product(id: 1) { id margin @include(if: $with) } }';
  assert.deepEqual(ask(operation, user()), { data: { a: null }, paths: ['a.margin'] });
  assert.deepEqual(ask(operation, user(), { with: false }), { data: { a: { id: 'p' } }, paths: [] });
  const left = 'query ($without: Boolean! = true) { product(id: 1) { id margin @skip(if: $without) } }';
  assert.deepEqual(ask(left, user()), { data: { product: { id: 'p' } }, paths: [] });
});
