import assert from 'node:assert/strict';
import { it } from 'node:test';
import { parse } from 'graphql';
import { labelOf } from '../rules/labels.ts';
import { entryKeys, fetchKey } from './keys.ts';

const fetchOf = (query: string, operationName?: string) => ({
  subgraph: 'one',
  query,
  operationName,
  document: parse(query),
});
const policy = { maxAge: 60, scope: 'PUBLIC' } as const;

it('operations that ask the same of a subgraph share a key, whatever they are called', () => {
  const [a, b] = ['A', 'B'].map((name) => fetchKey(fetchOf(`query ${name}{a}`, name), 'sdl', policy));
  assert.equal(a, b);
});

it('another query, schema, policy or subgraph has another key', () => {
  const fetch = fetchOf('{ a }');
  const keys = [
    fetchKey(fetch, 'sdl', policy),
    fetchKey(fetchOf('{ a: b }'), 'sdl', policy),
    fetchKey(fetch, 'sdl2', policy),
    fetchKey(fetch, 'sdl', { ...policy, maxAge: 61 }),
    fetchKey(fetch, 'sdl', { ...policy, scope: 'PRIVATE' }),
    fetchKey({ ...fetch, subgraph: 'two' }, 'sdl', policy),
  ];
  assert.equal(new Set(keys).size, keys.length);
});

it('no two callers, variables or representations can be written so that they have one key', () => {
  const hostile = [
    'a',
    'a","b',
    'a\n',
    'a\u0000',
    '["a"]',
    '{"id":"a"}',
    ' a',
    '\u00e1',
    'a\u0301',
    '__proto__',
  ];
  const asked: [string, Record<string, unknown>, Record<string, unknown>[] | undefined][] = hostile.flatMap(
    (text) => [
      [text, {}, undefined],
      ['', { v: text }, undefined],
      ['', { [`v${text}`]: 'x' }, undefined],
      ['', {}, [{ __typename: 'T', id: text }]],
      ['', {}, [{ __typename: text, id: 'T' }]],
      ['', {}, [{ __typename: 'T', id: [text] }]],
    ],
  );
  const keys = asked.flatMap(([audience, variables, representations]) =>
    entryKeys('fetch', audience, variables, representations),
  );
  assert.equal(new Set(keys).size, asked.length);
  assert.ok(keys.every((key) => /^[\w-]{43}$/.test(key)));
});

it('labels are as hard to mix up', () => {
  const labels = [
    labelOf.tag('a', 'b'),
    labelOf.tag('a","b', ''),
    labelOf.type('a', 'b'),
    labelOf.format('a', 'b'),
    labelOf.subgraph('a'),
    labelOf.tag('a b', 'c\nd'),
  ];
  assert.equal(new Set(labels).size, labels.length);
  assert.ok(labels.every((label) => /^[\w-]{22}$/.test(label)));
});
