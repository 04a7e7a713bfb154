import { composeSubgraphs } from '../../router/compose/index.ts';
import { createEngine } from '../../router/engine/index.ts';
import { testContext } from '../../router/fixtures/test-context.ts';
import { inMemoryTransport } from '../../router/transports/in-memory.ts';
import { QUERIES, type QueryName } from './graph/queries.ts';
import { SDL, SUBGRAPHS, type SubgraphName, subgraphSchema } from './graph/subgraphs.ts';
import { recordedSubgraph } from './recorded.ts';

/**
 * `node --cpu-prof bench/router/profile-engine.ts [query] [seconds]`: the engine alone, on answers recorded from the subgraphs, in one process. Prints the CPU time of one
 * operation and what parsing the subgraphs' answers takes of it.
 */
const query = (process.argv[2] ?? 'storefront') as QueryName;
const seconds = Number(process.argv[3] ?? 3);
const sources = SUBGRAPHS.map((name) => ({ name, url: 'http://127.0.0.1', file: name, sdl: SDL[name] }));
let fetches = 0;
let parsed: string[] = [];
const engine = await createEngine({
  supergraphSdl: composeSubgraphs(sources).supergraphSdl,
  transports: (name) => {
    const answer = recordedSubgraph(subgraphSchema(name as SubgraphName));
    return inMemoryTransport({
      async execute({ document, variables }) {
        fetches++;
        const text = await answer(document, variables);
        parsed.push(text);
        return JSON.parse(text);
      },
      subscribe: () => Promise.reject(new Error('No subscriptions here')),
    });
  },
});
const operation = engine.prepare(QUERIES[query]);
if ('errors' in operation) throw operation.errors[0];
const context = testContext({ deadline: Number.POSITIVE_INFINITY });

async function cost(run: () => Promise<unknown> | unknown, length: number): Promise<number> {
  const end = performance.now() + length * 1000;
  const before = process.cpuUsage();
  let count = 0;
  for (; performance.now() < end; count++) {
    parsed = [];
    await run();
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / count;
}

const size = (await engine.executeToJson(operation, {}, context)).length;
const answers = parsed;
fetches = 0;
await engine.executeToJson(operation, {}, context);
const perOperation = fetches;
await cost(() => engine.executeToJson(operation, {}, context), seconds / 2);
const whole = await cost(() => engine.executeToJson(operation, {}, context), seconds);
const parsing = await cost(() => answers.map((text) => JSON.parse(text)), seconds / 3);
console.log(
  `${query}: ${perOperation} fetches, ${(size / 1024).toFixed(1)} kB, ${whole.toFixed(1)} µs CPU an operation, of which parsing answers ${parsing.toFixed(1)} µs (${(answers.reduce((sum, text) => sum + text.length, 0) / 1024).toFixed(1)} kB)`,
);
