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
const PER_SOCKET = 50;
/** As many as every gateway can serve on this machine: one upstream each for those that share none. */
const MOST_PEERS = 300;
/** Seconds from the last subscription's first event until it is measured, and a little after. */
const AROUND = 1.2;

/**
 * One change, many subscribers: equal subscriptions to a subgraph that says something ten times a second. First the gateways side by side, each subscriber
 * with an event stream of its own; then `subscribers` on one router over graphql-ws, 50 to a socket.
 */
export async function fanOut(subscribers: number, seconds: number): Promise<void> {
  const ticker = await startProcess('./ticker-process.ts');
  try {
    const { supergraphSdl } = composeSubgraphs([
      { name: 'ticker', url: `http://127.0.0.1:${ticker.port}/graphql`, file: 'ticker', sdl: SDL },
    ]);
    const env = { SUPERGRAPH: supergraphSdl };
    const peers = Math.min(subscribers, MOST_PEERS);
    const crowd: Crowd = { over: 'sse', connections: peers, perConnection: 1, seconds };
    console.log(
      `\nsubscription fan-out, ${peers} subscribers with an event stream each, 10 events a second each`,
    );
    console.log(`  ${'stock @apollo/gateway'.padEnd(24)}not supported: it has no subscriptions`);
    const hive = await deliver('./gateways/hive.ts', env, crowd);
    print('@graphql-hive/gateway', hive);
    print('router', await deliver('./gateways/fan-out.ts', env, crowd), hive);

    const sockets = Math.ceil(subscribers / PER_SOCKET);
    console.log(
      `\nsubscription fan-out, ${subscribers} subscribers on one router, ${PER_SOCKET} to each of ${sockets} WebSockets, 10 events a second each`,
    );
    const many: Crowd = { over: 'graphql-ws', connections: sockets, perConnection: PER_SOCKET, seconds };
    print('router', await deliver('./gateways/fan-out.ts', env, many));
  } finally {
    await ticker.stop();
  }
}

async function deliver(file: string, env: Record<string, string>, crowd: Crowd): Promise<Delivered> {
  const started: BenchProcess[] = [];
  try {
    const gateway = await startProcess(file, [], env);
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
