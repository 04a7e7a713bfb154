import { parseArgs } from 'node:util';
import { composeSubgraphs } from '../../router/compose/index.ts';
import { QUERIES, type QueryName } from './graph/queries.ts';
import { SDL, SUBGRAPHS } from './graph/subgraphs.ts';
import { type Contender, type Measurement, measure } from './measure.ts';
import { type BenchProcess, startProcess } from './processes.ts';

const GATEWAYS = {
  'stock @apollo/gateway': { file: './gateways/stock.ts', path: '/', env: {} },
  '@graphql-hive/gateway': { file: './gateways/hive.ts', path: '/graphql', env: {} },
  'ours over HTTP': { file: './gateways/ours.ts', path: '/graphql', env: { TRANSPORT: 'http' } },
  'ours in memory': { file: './gateways/ours.ts', path: '/graphql', env: { TRANSPORT: 'memory' } },
} as const;
type GatewayName = keyof typeof GATEWAYS;
const STOCK: GatewayName = 'stock @apollo/gateway';

/**
 * `npm run bench -- router [--seconds 4] [--connections 16] [--query storefront] [--gateway "ours over HTTP"]`: the same subgraphs, each in a process of its own, behind
 * each gateway in turn. Absolute numbers are the machine's, ratios are ours.
 */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      seconds: { type: 'string', default: '3' },
      connections: { type: 'string', default: '16' },
      query: { type: 'string', multiple: true, default: Object.keys(QUERIES) },
      gateway: { type: 'string', multiple: true, default: Object.keys(GATEWAYS) },
    },
  });
  const seconds = Number(values.seconds);
  const connections = Number(values.connections);
  const subgraphs = await Promise.all(SUBGRAPHS.map((name) => startProcess('./subgraph-process.ts', [name])));
  try {
    const supergraph = composeSupergraph(subgraphs);
    console.log(
      `${connections} connections, ${seconds} s each in 3 rounds after ${seconds / 2} s of warming up; subgraphs repeat recorded answers, one process each`,
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
    for (const name of names) {
      const { file, path, env } = GATEWAYS[name];
      contenders.push({
        name,
        path,
        process: await startProcess(file, [], { ...env, SUPERGRAPH: supergraph }),
      });
    }
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
