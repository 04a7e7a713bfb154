import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { getIntrospectionQuery, parse } from 'graphql';
import { checkDocument, DEFAULT_LIMITS, pageVariableError, pageVariables } from './index.ts';

const codes = (source: string, introspection = true) =>
  checkDocument(parse(source), { limits: DEFAULT_LIMITS, introspection }).map(
    (error) => error.extensions.code,
  );
const nested = (levels: number) => `${'{ a '.repeat(levels)}${'}'.repeat(levels)}`;

describe('document limits', () => {
  it('allows depth 10 and refuses 11', () => {
    assert.deepEqual(codes(nested(10)), []);
    assert.deepEqual(codes(nested(11)), ['LIMIT_DEPTH']);
  });

  it('flattens fragments when it measures depth', () => {
    const source = `{ a { ...F } } fragment F on T ${nested(6).replace('{ a }', '{ ...G }')} fragment G on T ${nested(6)}`;
    assert.deepEqual(codes(source), ['LIMIT_DEPTH']);
    assert.deepEqual(codes(`{ a { ... on T { ... on T ${nested(9)} } } }`), []);
  });

  it('counts aliases through fragments, __typename included', () => {
    const some = (n: number) => Array.from({ length: n }, (_, i) => `a${i}: __typename`).join(' ');
    assert.deepEqual(codes(`{ ${some(15)} }`), []);
    assert.deepEqual(codes(`{ ${some(16)} }`), ['LIMIT_ALIASES']);
    assert.deepEqual(codes(`{ a { ...F } b { ...F } } fragment F on T { ${some(8)} }`), ['LIMIT_ALIASES']);
  });

  it('counts the directives of one place', () => {
    const field = (n: number) => `{ a ${'@include(if: true) '.repeat(n)} }`;
    assert.deepEqual(codes(field(5)), []);
    assert.deepEqual(codes(field(6)), ['LIMIT_DIRECTIVES']);
    assert.deepEqual(codes(`query ${'@x '.repeat(6)} { a }`), ['LIMIT_DIRECTIVES']);
    assert.deepEqual(codes(`query ($a: Int ${'@x '.repeat(6)}) { a }`), ['LIMIT_DIRECTIVES']);
  });

  it('counts how often one selection set names a field', () => {
    assert.deepEqual(codes(`{ ${'a '.repeat(50)} }`), []);
    assert.deepEqual(codes(`{ ${'a '.repeat(51)} }`), ['LIMIT_REPEATS']);
    assert.deepEqual(codes(`{ ${'...F '.repeat(26)} } fragment F on T { a a }`), ['LIMIT_REPEATS']);
  });

  it('refuses large pages in arguments, input fields and defaults', () => {
    assert.deepEqual(codes('{ a(first: 100) b(last: 100) }'), []);
    assert.deepEqual(codes('{ a(first: 101) }'), ['LIMIT_PAGE']);
    assert.deepEqual(codes('{ a(page: { last: 101 }) }'), ['LIMIT_PAGE']);
    assert.deepEqual(codes('query ($n: Int = 101) { a(first: $n) }'), ['LIMIT_PAGE']);
    assert.deepEqual(codes('query ($n: Int = 101) { a(limit: $n) }'), []);
  });

  it('finds large pages among the variables of a request', () => {
    const names = pageVariables(parse('query ($n: Int, $m: Int) { a(first: $n, other: $m) }'));
    assert.deepEqual(names, ['n']);
    assert.equal(pageVariableError(names, { n: 100, m: 5000 }, 100), undefined);
    assert.equal(pageVariableError(names, { n: 101 }, 100)?.extensions.code, 'LIMIT_PAGE');
  });

  it('allows the usual introspection where introspection is on, and nothing of it where it is off', () => {
    assert.deepEqual(codes(getIntrospectionQuery()), []);
    assert.deepEqual(codes(getIntrospectionQuery(), false), ['INTROSPECTION_DISABLED']);
    assert.deepEqual(codes('{ ...F } fragment F on Query { __type(name: "A") { name } }', false), [
      'INTROSPECTION_DISABLED',
    ]);
    assert.deepEqual(codes(`{ __schema ${nested(25)} }`), ['LIMIT_DEPTH']);
  });

  it('takes linear time for a 2ⁿ fragment bomb', () => {
    const bomb = (n: number) =>
      `{ ...F${n} } fragment F0 on Query { a b c } ${Array.from({ length: n }, (_, i) => `fragment F${i + 1} on Query { x { ...F${i} } y { ...F${i} } }`).join(' ')}`;
    const before = performance.now();
    assert.ok(codes(bomb(60)).includes('LIMIT_FIELDS'));
    assert.ok(performance.now() - before < 200);
  });

  it('survives fragments that spread themselves', () => {
    assert.deepEqual(codes('{ ...A } fragment A on Query { a ...B } fragment B on Query { b ...A }'), []);
  });
});
