import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { type ExecutionResult, type FieldNode, parse, print, validate } from 'graphql';
import { generateOperation } from '../fixtures/generate-operation.ts';
import { type RunningGraph, runGraph } from '../fixtures/graph.ts';
import { FIXTURES } from '../fixtures/index.ts';
import { type StockGateway, startStockGateway } from '../fixtures/stock-gateway.ts';
import { testContext } from '../fixtures/test-context.ts';
import { inMemoryTransport } from '../transports/in-memory.ts';
import { createEngine, type Engine } from './index.ts';
import { plannerDocument } from './planner-document.ts';

/** Operations in total; `ENGINE_OPERATIONS=50000` for a long run, `ENGINE_SEED=…` to repeat one. */
const OPERATIONS = Number(process.env.ENGINE_OPERATIONS ?? 5000);
const SEED = Number(process.env.ENGINE_SEED ?? randomInt(2 ** 31));

/** Report the first counterexample as it is, instead of looking for a smaller one. */
const QUICK = process.env.ENGINE_SHRINK === '0';

describe(`compiled plans answer what the stock gateway answers (ENGINE_SEED=${SEED})`, () => {
  for (const fixture of FIXTURES) {
    describe(fixture.name, () => {
      let graph: RunningGraph;
      let stock: StockGateway;
      let engine: Engine;
      before(async () => {
        graph = runGraph(fixture);
        stock = await startStockGateway(graph);
        engine = await createEngine({
          supergraphSdl: graph.supergraphSdl,
          overrideLabel: () => false,
          transports: (name) =>
            inMemoryTransport({
              execute: (request) => graph.execute(name, request),
              subscribe: (request) => graph.subscribe(name, request),
            }),
        });
      });
      after(async () => {
        await stock.stop();
        await engine.close();
      });

      const share = Math.ceil(OPERATIONS / FIXTURES.length);
      const tape = fc.array(fc.nat(0xffff), { minLength: 80, maxLength: 240, size: 'max' });

      test('healthy subgraphs', async () => {
        const property = fc.asyncProperty(tape, async (numbers) => {
          graph.chaos.seed = 0;
          await compare(numbers);
        });
        await fc.assert(property, { seed: SEED, numRuns: Math.ceil(share / 2), endOnFailure: QUICK });
      });

      test('failing resolvers', async () => {
        const property = fc.asyncProperty(tape, fc.integer({ min: 1, max: 1e6 }), async (numbers, seed) => {
          graph.chaos.seed = seed;
          await compare(numbers);
        });
        await fc.assert(property, { seed: SEED, numRuns: Math.ceil(share / 2), endOnFailure: QUICK });
      });

      async function compare(numbers: readonly number[]): Promise<void> {
        const { source, variables } = generateOperation(engine.apiSchema, numbers);
        fc.pre(validate(engine.apiSchema, parse(source)).length === 0);
        const operation = engine.prepare(source);
        if ('errors' in operation) assert.fail(`${source}\n${operation.errors}`);
        const context = testContext();
        const ours = plain(await engine.execute(operation, variables, context));
        const written = JSON.parse(await engine.executeToJson(operation, variables, context));
        const theirs = plain(await stock.execute(settled(source, variables), variables));
        // It asks for entities of types the subgraph does not know, and loses the whole batch for it.
        if (theirs.errors?.some(({ message }) => message.startsWith('The _entities resolver tried to load')))
          return;
        const what = `${source}\n${JSON.stringify(variables)}\nours ${JSON.stringify(ours)}\nstock ${JSON.stringify(theirs)}`;
        assert.deepEqual(
          written,
          ours,
          `the JSON writer differs from the tree: ${JSON.stringify(written)}\n${what}`,
        );
        // Where an `@interfaceObject` subgraph answers, it may forget an object's type, and then the fields selected for that type.
        if (fixture.name === 'interface-object' && !isDeepStrictEqual(ours.data, theirs.data)) {
          if (graph.chaos.seed === 0) assert.ok(lacks(theirs.data, ours.data), `data differs:\n${what}`);
          return;
        }
        assert.deepEqual(ours.data, theirs.data, `data differs:\n${what}`);
        const [here, there] = [locatedErrors(ours), locatedErrors(theirs)];
        if (fixture.name === 'interface-object') {
          // It asks for entities without their key there, and reports what comes of it beside what ours reports. Of several errors
          // below one null each may report another.
          if (ours.data === null) return;
          const theirErrors = unlocated(there);
          const onlyOurs = here.filter(
            (error) => !unlocated([error]).some((one) => theirErrors.includes(one)),
          );
          const theirNulls = nulls(there, theirs.data);
          assert.deepEqual(
            nulls(onlyOurs, ours.data).filter((place) => !theirNulls.includes(place)),
            [],
            `errors differ:\n${what}`,
          );
          return;
        }
        // It counts wrong when an entity before the failing one could not be asked for: same errors, wrong places. And of several errors below one null a
        // subgraph reports the first of its own order.
        if (
          ours.data !== null &&
          !isDeepStrictEqual(here, there) &&
          !isDeepStrictEqual(unlocated(here), unlocated(there))
        )
          assert.deepEqual(nulls(here, ours.data), nulls(there, theirs.data), `errors differ:\n${what}`);
        assert.equal(
          (ours.errors ?? []).length > 0,
          [...(theirs.errors ?? []), ...((theirs.extensions?.valueCompletion as []) ?? [])].length > 0,
          `an error is missing:\n${what}`,
        );
        // The stock gateway hides what it finds wrong with subgraph data in an extension, and drops it when there are other errors.
        // It goes on completing a list whose null has already propagated, so it may find more; of several fields of one name it reports the first, and
        // of several below one null the first of its own order.
        if (theirs.errors) return;
        const found = (theirs.extensions?.valueCompletion ?? []) as { path: unknown }[];
        const reported = ours.errors ?? [];
        assert.equal(reported.length > 0, found.length > 0, `completion errors differ:\n${what}`);
        if (reported.length === 0 || ours.data === null) return;
        const places = (errors: readonly { path?: unknown }[]) =>
          nulls(
            errors.map(({ path }) => JSON.stringify([path])),
            ours.data,
          );
        const theirPlaces = places(found);
        assert.ok(
          places(reported).some((place) => theirPlaces.includes(place)),
          `completion errors differ:\n${what}`,
        );
      }
    });
  }
});

/**
 * The operation with its `@skip` and `@include` carried out. The planner is wrong about conditional fields next to those it needs itself (see
 * `stock-is-wrong.int.test.ts`), so that only ours gets to see them.
 */
function settled(source: string, variables: Record<string, unknown>): string {
  const fetchName = ({ alias, name }: FieldNode) => (alias ?? name).value;
  return print(
    plannerDocument(parse(source), { fetchName }, { conditions: variables as Record<string, boolean> }),
  );
}

type Plain = ExecutionResult & {
  errors?: readonly {
    message: string;
    path?: readonly (string | number)[];
    extensions?: Record<string, unknown>;
  }[];
};

function plain(result: ExecutionResult): Plain {
  return JSON.parse(JSON.stringify(result)) as Plain;
}

/** Errors of subgraphs with their place. The stock gateway can't place some: their paths then hold an `@`. */
function locatedErrors({ errors = [] }: Plain): string[] {
  const unplaced = new Set(
    errors.filter(({ path }) => !path || path.includes('@')).map(({ message }) => message),
  );
  return errors
    .filter(
      ({ message, extensions }) => extensions?.code !== 'INVALID_SUBGRAPH_DATA' && !unplaced.has(message),
    )
    .map(({ message, path, extensions }) => JSON.stringify([path, message, extensions?.code]))
    .sort();
}

/** The places in the data that the errors make null. */
function nulls(errors: readonly string[], data: unknown): string[] {
  const places = errors.map((error) => {
    const path = (JSON.parse(error) as [readonly (string | number)[]])[0];
    let value = data;
    const depth = path.findIndex((step) => {
      value = (value as Record<string | number, unknown> | null | undefined)?.[step];
      return value === null || value === undefined;
    });
    return JSON.stringify(depth < 0 ? path : path.slice(0, depth + 1));
  });
  return [...new Set(places)].sort();
}

/** Each once: which of two subgraphs a shared field comes from depends on the names of its neighbours, and the stock gateway may ask both. */
function unlocated(errors: readonly string[]): string[] {
  return [...new Set(errors.map((error) => JSON.stringify(JSON.parse(error).slice(1))))].sort();
}

/** Is `part` the same as `whole`, but for missing fields and nulls? */
function lacks(part: unknown, whole: unknown): boolean {
  if (part === null || isDeepStrictEqual(part, whole)) return true;
  if (Array.isArray(part))
    return (
      Array.isArray(whole) &&
      part.length === whole.length &&
      part.every((item, index) => lacks(item, whole[index]))
    );
  if (typeof part !== 'object' || typeof whole !== 'object' || whole === null) return false;
  return Object.entries(part ?? {}).every(([key, value]) =>
    lacks(value, (whole as Record<string, unknown>)[key]),
  );
}
