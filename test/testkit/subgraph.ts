import { createMemoryBus, type MemoryBus, topologyOf } from '@aisle/platform/bus';
import { type Clock, systemClock } from '@aisle/platform/clock';
import { anonymous, type Caller } from '@aisle/platform/identity';
import { type Log, silentLog } from '@aisle/platform/log';
import {
  type Commands,
  type RunningSubgraph,
  type SubgraphDefinition,
  type SubgraphRequest,
  type SubgraphResponse,
  startSubgraph,
} from '@aisle/platform/service';
import { createMeter, type Meter } from '@aisle/platform/telemetry';
import { parse } from 'graphql';
import { FakeClock } from './fake-clock.ts';
import { type FreshStores, freshStores, type StoreEnv } from './stores.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
export type Answer = { data?: any; errors?: readonly any[] };

export interface ComponentOptions {
  /** What the other contexts answer. @default every command fails */
  readonly commands?: Commands;
  readonly env?: Record<string, string>;
  /** @default a clock that stands still at 2026-01-15 */
  readonly clock?: Clock;
  /** Stores of another component, which drops them: two processes of one context. @default stores of its own */
  readonly stores?: FreshStores;
  /** @default nothing is logged */
  readonly log?: Log;
}

export interface Component<Ports> {
  readonly env: StoreEnv;
  readonly stores: FreshStores;
  readonly clock: FakeClock;
  /** Every event of other contexts is published on it as `others`. */
  readonly bus: MemoryBus;
  readonly meter: Meter;
  readonly ports: Ports;
  readonly subgraph: RunningSubgraph<Ports>;
  /** Runs an operation as the router would, for a client at a network address. */
  run(
    query: string,
    variables?: Record<string, unknown>,
    caller?: Caller,
    clientAddress?: string,
  ): Promise<Answer>;
  /** Opens a subscription as the router would. */
  subscribe(
    query: string,
    variables?: Record<string, unknown>,
    caller?: Caller,
  ): Promise<AsyncIterableIterator<SubgraphResponse>>;
  stop(): Promise<void>;
}

const noCommands: Commands = {
  send: (_document, _variables, { to }) => Promise.reject(new Error(`${to} does not answer in this test`)),
};

/** One context on real stores of its own, with a bus in memory and the given answers of the other contexts. */
export async function startComponent<Config, Ports>(
  definition: SubgraphDefinition<Config, Ports>,
  options: ComponentOptions = {},
): Promise<Component<Ports>> {
  const stores = options.stores ?? (await freshStores());
  const clock = new FakeClock();
  const meter = createMeter();
  const others = Object.keys(definition.consumes ?? {}).filter(
    (type) => !(type in (definition.publishes ?? {})),
  );
  const bus = checked(
    createMemoryBus(topologyOf([definition, { name: 'others', publishes: others }])),
    definition,
  );
  const env = { ...stores.env, NODE_ENV: 'test', ...options.env };
  const subgraph = await startSubgraph(definition, {
    env,
    log: options.log ?? silentLog,
    meter,
    bus,
    commands: options.commands ?? noCommands,
    clock: options.clock ?? clock,
    maxConnections: 6,
  });
  const request = (
    query: string,
    variables: Record<string, unknown>,
    caller: Caller,
    clientAddress = '192.0.2.1',
  ): SubgraphRequest => {
    const document = parse(query);
    const [operation] = document.definitions;
    const kind = operation && 'operation' in operation ? operation.operation : 'query';
    const context = {
      caller,
      requestId: 'req_test',
      deadline: (options.clock ?? systemClock).now() + 15_000,
      signal: AbortSignal.timeout(15_000),
      clientAddress,
    };
    return { kind, query, document, variables, context };
  };
  return {
    env,
    stores,
    clock,
    bus,
    meter,
    ports: subgraph.ports,
    subgraph,
    run: (query, variables = {}, caller = anonymous(), clientAddress) =>
      subgraph.host
        .execute(request(query, variables, caller, clientAddress))
        .then((response) => JSON.parse(JSON.stringify(response))),
    subscribe: (query, variables = {}, caller = anonymous()) =>
      subgraph.host.subscribe(request(query, variables, caller)),
    async stop() {
      await subgraph.stop();
      if (!options.stores) await stores.drop();
    },
  };
}

/** Refuses events whose data is not what the context's schema of them says. */
function checked(
  bus: MemoryBus,
  { name, publishes = {} }: Pick<SubgraphDefinition<never, never>, 'name' | 'publishes'>,
): MemoryBus {
  return {
    ...bus,
    publish(producer, events) {
      for (const { type, data } of producer === name ? events : []) publishes[type]?.parse(data);
      return bus.publish(producer, events);
    },
  };
}
