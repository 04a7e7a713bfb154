import { parseArgs } from 'node:util';
import { composeSubgraphs } from '../../router/compose/index.ts';
import { fanOut } from './fan-out.ts';
import { QUERIES, type QueryName } from './graph/queries.ts';
import { SDL, SUBGRAPHS } from './graph/subgraphs.ts';
import { type Contender, type Measurement, measure } from './measure.ts';
import { type BenchProcess, startProcess } from './processes.ts';

/** `engine` is the engine behind a bare HTTP handler, `router` is all of it: limits, identity, metrics, traffic policy. */
const GATEWAYS = {
  'stock @apollo/gateway': { file: './gateways/stock.ts', path: '/', env: {} },
  '@graphql-hive/gateway': { file: './gateways/hive.ts', path: '/graphql', env: {} },
  'engine over HTTP': { file: './gateways/ours.ts', path: '/graphql', env: { TRANSPORT: 'http' } },
  'engine in memory': { file: './gateways/ours.ts', path: '/graphql', env: { TRANSPORT: 'memory' } },
  'router over HTTP': {
    file: './gateways/router.ts',
    path: '/graphql',
    env: { TRANSPORT: 'http', DEDUPLICATE: 'off' },
  },
  'router, deduplicating': {
    file: './gateways/router.ts',
    path: '/graphql',
    env: { TRANSPORT: 'http', DEDUPLICATE: 'on' },
  },
  'router in memory': {
    file: './gateways/router.ts',
    path: '/graphql',
    env: { TRANSPORT: 'memory', DEDUPLICATE: 'off' },
  },
} as const;
type GatewayName = keyof typeof GATEWAYS;
const STOCK: GatewayName = 'stock @apollo/gateway';

/**
 * `npm run bench -- router [--seconds 4] [--connections 16] [--query storefront] [--subscribers 5000] [--gateway "router over HTTP"]`: the same subgraphs, each in a process of its own, behind
 * each gateway in turn. Absolute numbers are the machine's, ratios are ours.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '4' },
      connections: { type: 'string', default: '16' },
      query: { type: 'string', multiple: true, default: Object.keys(QUERIES) },
      gateway: { type: 'string', multiple: true, default: Object.keys(GATEWAYS) },
      subscribers: { type: 'string', default: '5000' },
    },
  });
  const seconds = Number(values.seconds);
  const connections = Number(values.connections);
  const subgraphs = await Promise.all(SUBGRAPHS.map((name) => startProcess('./subgraph-process.ts', [name])));
  try {
    const supergraph = composeSupergraph(subgraphs);
    console.log(
      `${connections} connections, ${seconds} s each in 3 rounds, after warming up; subgraphs repeat recorded answers, one process each`,
    );
    for (const query of values.query as QueryName[]) {
      console.log(`\n${query} query`);
      const results = await compare(
        values.gateway as GatewayName[],
        supergraph,
        QUERIES[query],
        seconds,
        connections,
      );
      for (const [name, result] of results) printRow(name, result, results.get(STOCK));
    }
    if (Number(values.subscribers) > 0) await fanOut(Number(values.subscribers), 4);
  } finally {
    await Promise.all(subgraphs.map((subgraph) => subgraph.stop()));
  }
}

function composeSupergraph(subgraphs: readonly BenchProcess[]): string {
  return composeSubgraphs(
    SUBGRAPHS.map((name, index) => ({
      name,
      url: `http://127.0.0.1:${subgraphs[index]?.port}/graphql`,
      file: name,
      sdl: SDL[name],
    })),
  ).supergraphSdl;
}

async function compare(
  names: readonly GatewayName[],
  supergraph: string,
  query: string,
  seconds: number,
  connections: number,
): Promise<Map<GatewayName, Measurement>> {
  const contenders: Contender<GatewayName>[] = [];
  try {
    const starting = names.map(async (name) => {
      const { file, path, env } = GATEWAYS[name];
      return { name, path, process: await startProcess(file, [], { ...env, SUPERGRAPH: supergraph }) };
    });
    contenders.push(...(await Promise.all(starting)));
    return await measure(contenders, JSON.stringify({ query }), seconds, connections);
  } finally {
    await Promise.all(contenders.map(({ process }) => process.stop()));
  }
}

function printRow(
  name: GatewayName,
  { rps, p50, p95, p99, cpu, memory, bytes, errors }: Measurement,
  stock: Measurement | undefined,
): void {
  const ratio =
    stock && name !== STOCK
      ? `  ${(rps / stock.rps).toFixed(1)}x stock (CPU ${(stock.cpu / cpu).toFixed(1)}x)`
      : '';
  const figures = [
    `${rps.toFixed(0).padStart(7)} req/s`,
    `p50 ${p50.toFixed(1)} p95 ${p95.toFixed(1)} p99 ${p99.toFixed(1)} ms`,
    `CPU ${cpu.toFixed(2)} ms/req`,
    `${memory.toFixed(0)} MB`,
    `${(bytes / 1024).toFixed(1)} kB`,
  ];
  console.log(`  ${name.padEnd(24)}${figures.join('  ')}${ratio}${errors > 0 ? `  ${errors} ERRORS` : ''}`);
}
