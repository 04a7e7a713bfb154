import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { addUp } from '../../fixtures/add-up.ts';
import { generateOperation } from '../../fixtures/generate-operation.ts';
import { runGraph } from '../../fixtures/graph.ts';
import { FIXTURES } from '../../fixtures/index.ts';
import { testContext } from '../../fixtures/test-context.ts';
import { inMemoryTransport } from '../../transports/in-memory.ts';
import { createEngine, type IncrementalPayload } from '../index.ts';
import type { Obj } from '../own.ts';
import { merge } from '../plan/merge.ts';
import { follow } from './places.ts';

const OPERATIONS = Number(process.env.ENGINE_DEFER_OPERATIONS ?? 450);
const SEED = Number(process.env.ENGINE_SEED ?? randomInt(2 ** 31));

describe(`the payloads of an operation with @defer add up to its answer without (ENGINE_SEED=${SEED})`, () => {
  for (const fixture of FIXTURES) {
    test(fixture.name, async () => {
      const graph = runGraph(fixture);
      const engine = await createEngine({
        supergraphSdl: graph.supergraphSdl,
        overrideLabel: () => false,
        transports: (name) =>
          inMemoryTransport({
            execute: (request) => graph.execute(name, request),
            subscribe: (request) => graph.subscribe(name, request),
          }),
      });
      const tape = fc.array(fc.nat(0xffff), { minLength: 60, maxLength: 200, size: 'max' });
      const property = fc.asyncProperty(tape, fc.boolean(), async (numbers, healthy) => {
        const { source, variables } = generateOperation(engine.apiSchema, numbers, { defer: true });
        fc.pre(validate(engine.apiSchema, parse(source)).length === 0);
        graph.chaos.seed = healthy ? 0 : (numbers[0] ?? 1);
        const operation = engine.prepare(source);
        // The root of a mutation can't be deferred.
        fc.pre(!('errors' in operation));
        const payloads: IncrementalPayload[] = [];
        for await (const payload of engine.executeIncremental(operation, variables, testContext()))
          payloads.push(payload);
        const what = `${source}\n${JSON.stringify(variables)}\n${JSON.stringify(payloads)}`;
        assert.deepEqual(
          payloads.map(({ hasNext }) => hasNext),
          payloads.map((_, index) => index < payloads.length - 1),
          what,
        );
        const whole = await engine.execute(operation, variables, testContext());
        if (whole.errors?.[0]?.message.includes('mutation root type')) return;
        const announced = addUpAnnounced(payloads, what);
        // An error takes away the fragment it is in, which alone came later: what is null differs then. There are errors without chaos too, since a deferred part may ask
        // a subgraph again for an entity that this one does not know.
        if (!healthy || whole.errors) return;
        const expected = JSON.parse(JSON.stringify(whole.data));
        assert.deepEqual(addUp(payloads), expected, what);
        // A graph that says something else when it is asked again is not asked to agree with itself.
        if (isSteady(payloads)) assert.deepEqual(announced, expected, what);
      });
      await fc.assert(property, {
        seed: SEED,
        numRuns: Math.ceil(OPERATIONS / FIXTURES.length),
        endOnFailure: process.env.ENGINE_SHRINK === '0',
      });
    });
  }
});

/** Whether what comes in a part again is what came before. */
function isSteady([first, ...rest]: readonly IncrementalPayload[]): boolean {
  const data = JSON.parse(JSON.stringify(first?.data ?? null)) as unknown;
  const agrees = (before: unknown, after: unknown): boolean => {
    if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null)
      return before === after;
    return Object.entries(after).every(([key, value]) => {
      const known = (before as Obj)[key];
      return known === undefined || agrees(known, value);
    });
  };
  return rest.every(({ incremental = [] }) =>
    incremental.every(({ path, data: part }) => {
      const target = follow(data, path) as Obj;
      const fresh = JSON.parse(JSON.stringify(part)) as Obj | null;
      if (!fresh) return true;
      const steady = agrees(target, fresh);
      merge(target, fresh);
      return steady;
    }),
  );
}

/** As a client of the format with ids does: what is announced comes, once, at an object that it has, and no field comes twice. */
function addUpAnnounced(payloads: readonly IncrementalPayload[], what: string): unknown {
  const data = JSON.parse(JSON.stringify(payloads[0]?.data ?? null)) as unknown;
  const waiting = new Set<string>();
  const ids = new Set<string>();
  for (const { incremental = [], pending = [] } of payloads) {
    for (const { id, path, added } of incremental) {
      assert.ok(waiting.delete(id), `${id} was not announced, or came before: ${what}`);
      for (const { subPath, data: fresh } of added) {
        const target = follow(data, [...path, ...subPath]) as Obj;
        for (const key of Object.keys(fresh)) assert.ok(!Object.hasOwn(target, key), `${key}: ${what}`);
        merge(target, JSON.parse(JSON.stringify(fresh)) as Obj);
      }
    }
    for (const { id, path } of pending) {
      assert.ok(!ids.has(id), what);
      assert.equal(typeof follow(data, path), 'object', what);
      ids.add(id);
      waiting.add(id);
    }
  }
  assert.equal(waiting.size, 0, what);
  return data;
}
