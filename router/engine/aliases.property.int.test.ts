import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parse, validate } from 'graphql';
import { generateOperation, HARMLESS_ALIASES } from '../fixtures/generate-operation.ts';
import { runGraph } from '../fixtures/graph.ts';
import { FIXTURES } from '../fixtures/index.ts';
import { runOperation } from '../fixtures/run-operation.ts';
import { inMemoryTransport } from '../transports/in-memory.ts';
import { createEngine } from './index.ts';

const OPERATIONS = Number(process.env.ENGINE_ALIAS_OPERATIONS ?? 450);
const SEED = Number(process.env.ENGINE_SEED ?? randomInt(2 ** 31));

/** The stock gateway mixes such names up with its own fields, so that ours is compared with itself. */
describe(`names that clients give to fields change nothing but the names (ENGINE_SEED=${SEED})`, () => {
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
      const valid = (source: string) => validate(engine.apiSchema, parse(source)).length === 0;
      const tape = fc.array(fc.nat(0xffff), { minLength: 60, maxLength: 200, size: 'max' });
      const property = fc.asyncProperty(tape, async (numbers) => {
        const harmless = generateOperation(engine.apiSchema, numbers);
        const hostile = { source: rename(harmless.source), variables: harmless.variables };
        fc.pre(valid(harmless.source) && valid(hostile.source));
        const [one, other] = [
          await runOperation(engine, harmless.source, harmless.variables),
          await runOperation(engine, hostile.source, hostile.variables),
        ];
        const what = `${harmless.source}\n${JSON.stringify(one)}\n${hostile.source}\n${JSON.stringify(other)}`;
        assert.deepEqual(other.errors?.length, one.errors?.length, what);
        assert.deepEqual(withoutNames(other.data), withoutNames(one.data), what);
      });
      await fc.assert(property, {
        seed: SEED,
        numRuns: Math.ceil(OPERATIONS / FIXTURES.length),
        endOnFailure: process.env.ENGINE_SHRINK === '0',
      });
    });
  }
});

/** Keys, required fields and what objects inherit. */
const HOSTILE = [
  'id',
  'upc',
  'price',
  'weight',
  'email',
  'rate',
  'sku',
  'serial',
  'site',
  'dims',
  'area',
  'username',
  'constructor',
  '__proto__',
];

/** Gives every alias a hostile name that the operation does not use yet. */
function rename(source: string): string {
  const free = HOSTILE.filter((name) => !new RegExp(`\\b${name}\\b`).test(source));
  return HARMLESS_ALIASES.reduce((text, alias) => {
    const pattern = new RegExp(`\\b${alias}:`, 'g');
    return pattern.test(text) && free.length > 0 ? text.replace(pattern, `${free.shift()}:`) : text;
  }, source);
}

/** Objects as the list of their values: only the names differ. */
function withoutNames(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.keys(value).map((key) => withoutNames((value as Record<string, unknown>)[key]));
}
