import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { execute, parse, validate } from 'graphql';
import { CompositionFailure } from '../compose/index.ts';
import { addUp } from '../fixtures/add-up.ts';
import { type GeneratorOptions, generateOperation } from '../fixtures/generate-operation.ts';
import { type RunningGraph, runGraph } from '../fixtures/graph.ts';
import { type RandomGraph, randomGraph } from '../fixtures/random/index.ts';
import { Tape } from '../fixtures/tape.ts';
import { testContext } from '../fixtures/test-context.ts';
import { inMemoryTransport } from '../transports/in-memory.ts';
import { createEngine, type Engine, type IncrementalPayload, type PreparedOperation } from './index.ts';

/** Graphs in total; `ENGINE_GRAPHS=300` for a longer run, `ENGINE_SEED=…` to repeat one. */
const GRAPHS = Number(process.env.ENGINE_GRAPHS ?? 120);
const SEED = Number(process.env.ENGINE_SEED ?? randomInt(2 ** 31));
/** Looking for a smaller counterexample takes minutes here. */
const QUICK = process.env.ENGINE_SHRINK !== '1';

/** Numbers that a graph is drawn from. */
const TAPE = 500;

const numbers = (length: number) =>
  fc.array(fc.nat(0xffff), { minLength: length, maxLength: length, size: 'max' });
const operations = fc.array(numbers(100), { minLength: 8, maxLength: 8 });

describe(`generated graphs answer what the whole of them does as one schema (ENGINE_SEED=${SEED})`, () => {
  test('with healthy subgraphs', async () => {
    let composed = 0;
    const property = fc.asyncProperty(numbers(TAPE), operations, async (tape, tapes) => {
      await withGraph(tape, async (graph, engine, random) => {
        composed++;
        for (const each of tapes) {
          const run = await answers(engine, random, each);
          if (run && !isTooLarge(run)) assert.deepEqual(run.got, run.expected, described(random, run));
        }
        assert.equal(graph.chaos.seed, 0);
      });
    });
    await fc.assert(property, { seed: SEED, numRuns: GRAPHS, endOnFailure: QUICK });
    assert.ok(composed > GRAPHS / 2, `only ${composed} of ${GRAPHS} graphs composed`);
  });

  test('part by part, with @defer', async () => {
    const property = fc.asyncProperty(numbers(TAPE), operations, async (tape, tapes) => {
      await withGraph(tape, async (_, engine, random) => {
        for (const each of tapes) {
          const run = await answers(engine, random, each, { defer: true });
          if (run && !isTooLarge(run)) assert.deepEqual(run.got, run.expected, described(random, run));
        }
      });
    });
    await fc.assert(property, { seed: SEED, numRuns: GRAPHS / 5, endOnFailure: QUICK });
  });

  test('with failing ones: nothing is answered that is not so', async () => {
    const property = fc.asyncProperty(
      numbers(TAPE),
      operations,
      fc.integer({ min: 1, max: 1e6 }),
      async (tape, tapes, seed) => {
        await withGraph(tape, async (graph, engine, random) => {
          graph.chaos.seed = seed;
          for (const each of tapes) {
            const run = await answers(engine, random, each);
            // Which of its fields a mutation called before one that failed is not known here.
            if (run && !run.source.startsWith('mutation'))
              assert.deepEqual(untrue(run.got.data, run.expected.data), [], described(random, run));
          }
        });
      },
    );
    await fc.assert(property, { seed: SEED, numRuns: GRAPHS / 2, endOnFailure: QUICK });
  });
});

/** Runs with what the tape draws, unless that does not compose. */
async function withGraph(
  tape: readonly number[],
  use: (graph: RunningGraph, engine: Engine, random: RandomGraph) => Promise<void>,
): Promise<void> {
  const random = randomGraph(new Tape(tape));
  let graph: RunningGraph;
  try {
    graph = runGraph(random.fixture);
  } catch (error) {
    if (error instanceof CompositionFailure) return;
    throw error;
  }
  const engine = await createEngine({
    supergraphSdl: graph.supergraphSdl,
    transports: (name) =>
      inMemoryTransport({
        execute: (request) => graph.execute(name, request),
        subscribe: (request) => graph.subscribe(name, request),
      }),
  });
  await use(graph, engine, random);
  await engine.close();
}

interface Answer {
  readonly data?: unknown;
  readonly errors?: unknown;
}

interface Answers {
  readonly source: string;
  readonly variables: Record<string, unknown>;
  readonly expected: Answer;
  readonly got: Answer;
}

/** What is so and what we answer; `undefined` when no valid operation was drawn. */
async function answers(
  engine: Engine,
  random: RandomGraph,
  tape: readonly number[],
  options: GeneratorOptions = {},
): Promise<Answers | undefined> {
  const { apiSchema: schema } = engine;
  const { source, variables } = generateOperation(schema, tape, options);
  const document = parse(source);
  if (validate(schema, document).length > 0) return undefined;
  random.reset();
  const whole = await execute({
    schema,
    document,
    variableValues: variables,
    fieldResolver: random.reference,
    typeResolver: ({ __typename }: { __typename: string }) => __typename,
  });
  const operation = engine.prepare(source);
  const got = 'errors' in operation ? operation : await run(engine, operation, variables, options);
  // The root of a mutation can't be deferred.
  if (JSON.stringify(got.errors ?? '').includes('mutation root type')) return undefined;
  return { source, variables, expected: JSON.parse(JSON.stringify(whole)), got };
}

async function run(
  engine: Engine,
  operation: PreparedOperation,
  variables: Record<string, unknown>,
  { defer }: GeneratorOptions,
): Promise<Answer> {
  if (!defer) return JSON.parse(await engine.executeToJson(operation, variables, testContext())) as Answer;
  const payloads: IncrementalPayload[] = [];
  for await (const payload of engine.executeIncremental(operation, variables, testContext()))
    payloads.push(payload);
  const [first] = payloads;
  if (!first?.data) return first ?? {};
  const errors = payloads.flatMap((payload) => [
    ...(payload.errors ?? []),
    ...(payload.incremental ?? []).flatMap((part) => part.errors ?? []),
  ]);
  return { data: addUp(payloads), ...(errors.length > 0 && { errors }) };
}

/** Chains of fields that require each other over objects can need plans without end; those are given up. */
function isTooLarge({ got }: Answers): boolean {
  return JSON.stringify(got.errors ?? '').includes('took more than');
}

function described({ fixture }: RandomGraph, { source, variables, expected, got }: Answers): string {
  const subgraphs = Object.entries(fixture.subgraphs).map(([name, { sdl }]) => `# ${name}\n${sdl}`);
  return [...subgraphs, source, ...[variables, expected, got].map((value) => JSON.stringify(value))].join(
    '\n',
  );
}

/** The places where something is answered that is not so. A field that was told a null for what another one failed to say tells that. */
function untrue(got: unknown, expected: unknown, path: readonly (string | number)[] = []): string[] {
  if (got === null || isDeepStrictEqual(got, expected)) return [];
  if (typeof got === 'string' && got.includes(' was told ')) return [];
  const isSame = typeof got === 'object' && typeof expected === 'object' && expected !== null;
  if (!isSame || Object.keys(got as object).join() !== Object.keys(expected).join()) return [path.join('.')];
  return Object.entries(got as object).flatMap(([key, value]) =>
    untrue(value, (expected as Record<string, unknown>)[key], [...path, key]),
  );
}
