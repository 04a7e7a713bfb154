import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { buildSchema, parse } from 'graphql';
import type { Engine, PreparedOperation } from '../engine/index.ts';
import { createFacts } from './operation-facts.ts';

const engine = { apiSchema: buildSchema('type Query { a: Int }'), supergraphSdl: '' } as Engine;
const operation = (name: string) =>
  ({ document: parse(`query ${name} { a }`), operationName: name, hash: name }) as PreparedOperation;

describe('the busiest operations, which a reload plans beforehand', () => {
  it('are those asked for most, however many others came in between', () => {
    const facts = createFacts(() => undefined);
    const busy = ['Home', 'Cart'].map(operation);
    const ask = (one: PreparedOperation) => facts.of(engine, one, one.hash);
    for (const one of busy) for (let n = 0; n < 20; n++) ask(one);
    for (let n = 0; n < 2_500; n++) {
      ask(operation(`Odd${n}`));
      if (n % 100 === 0) for (const one of busy) ask(one);
    }
    assert.deepEqual(new Set(facts.busiest(2).map(({ source }) => source)), new Set(['Home', 'Cart']));
    assert.ok(facts.busiest(1e6).length <= 1_000);
  });

  it('are not those of yesterday', () => {
    const facts = createFacts(() => undefined);
    const ask = (one: PreparedOperation, times: number) => {
      for (let n = 0; n < times; n++) facts.of(engine, one, one.hash);
    };
    ask(operation('Yesterday'), 40);
    for (let n = 0; n < 3_000; n++) ask(operation(`Odd${n}`), 1);
    const today = operation('Today');
    ask(today, 20);
    assert.equal(facts.busiest(1)[0]?.source, 'Today');
  });
});
