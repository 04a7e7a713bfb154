import { composeSubgraphs } from '../../router/compose/index.ts';
import { type BenchProcess, startProcess } from './processes.ts';

interface Usage {
  readonly cpuMicros: number;
  readonly rss: number;
}

/** How the subscribers come. */
interface Crowd {
  readonly over: 'graphql-ws' | 'sse';
  readonly connections: number;
  readonly perConnection: number;
  /** Milliseconds between two events. */
  readonly everyMs: number;
  readonly seconds: number;
}

interface Delivered {
  /** Events a second, all subscribers together. */
  readonly rate: number;
  /** Milliseconds from the change to the client. */
  readonly p50: number;
  readonly p99: number;
  /** Microseconds of the gateway's CPU time for one event to one subscriber. */
  readonly cpu: number;
  /** Kilobytes of the gateway's memory for one subscriber. */
  readonly memory: number;
}

const SDL = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.3")
  type Query { now: Float } type Subscription { tick: Tick! } type Tick { sentAt: Float! }`;
const ROUTER = './gateways/fan-out.ts';
const PER_SOCKET = 50;
/** As many as every gateway can serve on this machine: one upstream each for those that share none. */
const MOST_PEERS = 300;
/** Seconds from the last subscription's first event until it is measured, and a little after. */
const AROUND = 1.2;

/**
 * One change, many subscribers: equal subscriptions to a subgraph that says something now and then. First the gateways side by side, each subscriber
 * with an event stream of its own; then `subscribers` on one router, 50 to a WebSocket, and each with a WebSocket of its own.
 */
export async function fanOut(subscribers: number, seconds: number): Promise<void> {
  const peers = Math.min(subscribers, MOST_PEERS);
  console.log(
    `\nsubscription fan-out, ${peers} subscribers with an event stream each, 10 events a second each`,
  );
  console.log(`  ${'stock @apollo/gateway'.padEnd(24)}not supported: it has no subscriptions`);
  const crowd: Crowd = { over: 'sse', connections: peers, perConnection: 1, everyMs: 100, seconds };
  const hive = await deliver('./gateways/hive.ts', crowd);
  print('@graphql-hive/gateway', hive);
  print('router', await deliver(ROUTER, crowd), hive);

  console.log(`\nsubscription fan-out, ${subscribers} subscribers on one router, each over graphql-ws`);
  const sockets = Math.ceil(subscribers / PER_SOCKET);
  const shared: Crowd = {
    over: 'graphql-ws',
    connections: sockets,
    perConnection: PER_SOCKET,
    everyMs: 100,
    seconds,
  };
  print(`${PER_SOCKET} a socket, 10/s each`, await deliver(ROUTER, shared));
  const apart: Crowd = { ...shared, connections: subscribers, perConnection: 1, everyMs: 500 };
  print('1 a socket, 2/s each', await deliver(ROUTER, apart));
}

async function deliver(file: string, crowd: Crowd): Promise<Delivered> {
  const started: BenchProcess[] = [];
  try {
    const ticker = await startProcess('./ticker-process.ts', [String(crowd.everyMs)]);
    started.push(ticker);
    const { supergraphSdl } = composeSubgraphs([
      { name: 'ticker', url: `http://127.0.0.1:${ticker.port}/graphql`, file: 'ticker', sdl: SDL },
    ]);
    const gateway = await startProcess(file, [], { SUPERGRAPH: supergraphSdl });
    started.push(gateway);
    const client = await startProcess('./subscriber-process.ts', [], {}, false);
    started.push(client);
    const { seconds, connections, perConnection } = crowd;
    const empty = await gateway.ask<Usage>({});
    await client.ask({ port: gateway.port, ...crowd });
    const before = await gateway.ask<Usage>({});
    await new Promise((resolve) => setTimeout(resolve, (seconds + AROUND) * 1000));
    const after = await gateway.ask<Usage>({});
    const { latencies } = await client.ask<{ latencies: number[] }>('measure' as never);
    latencies.sort((a, b) => a - b);
    const at = (share: number): number => latencies[Math.floor(latencies.length * share)] ?? Number.NaN;
    const rate = latencies.length / seconds;
    return {
      rate,
      p50: at(0.5),
      p99: at(0.99),
      cpu: (after.cpuMicros - before.cpuMicros) / (rate * (seconds + AROUND)),
      memory: (after.rss - empty.rss) / 1024 / (connections * perConnection),
    };
  } finally {
    await Promise.all(started.map((process) => process.stop()));
  }
}

function print(name: string, { rate, p50, p99, cpu, memory }: Delivered, than?: Delivered): void {
  const figures = [
    `${rate.toFixed(0).padStart(7)} events/s`,
    `p50 ${p50.toFixed(1)} p99 ${p99.toFixed(1)} ms after the change`,
    `CPU ${cpu.toFixed(1)} µs/event`,
    `${memory.toFixed(1)} kB a subscriber`,
  ];
  const ratio = than
    ? `  ${(than.cpu / cpu).toFixed(1)}x Hive in events per CPU, ${(than.memory / memory).toFixed(1)}x in subscribers per memory`
    : '';
  console.log(`  ${name.padEnd(24)}${figures.join('  ')}${ratio}`);
}
