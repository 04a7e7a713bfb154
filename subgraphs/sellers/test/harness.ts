import { createMemoryBus, type MemoryBus } from '@aisle/platform/bus';
import { anonymous, type Caller, service } from '@aisle/platform/identity';
import { silentLog } from '@aisle/platform/log';
import { type RunningSubgraph, startSubgraph } from '@aisle/platform/service';
import { createMeter } from '@aisle/platform/telemetry';
import { parse } from 'graphql';
import { FakeClock, freshStores } from '../../../test/testkit/index.ts';
import sellers from '../index.ts';
import type { Ports } from '../store/index.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
export type Answer = { data?: any; errors?: readonly any[] };

export interface Harness {
  readonly clock: FakeClock;
  readonly bus: MemoryBus;
  readonly ports: Ports;
  readonly subgraph: RunningSubgraph<Ports>;
  run(query: string, variables?: Record<string, unknown>, caller?: Caller): Promise<Answer>;
  stop(): Promise<void>;
}

/** The sellers context on real stores of its own, called as the router calls it. */
export async function startSellers(): Promise<Harness> {
  const stores = await freshStores();
  const clock = new FakeClock();
  const bus = createMemoryBus({ producers: ['sellers'], consumers: [] });
  const subgraph = await startSubgraph(sellers, {
    env: stores.env,
    log: silentLog,
    meter: createMeter(),
    bus,
    commands: { send: () => Promise.reject(new Error('sellers sends no commands')) },
    clock,
    maxConnections: 4,
  });
  return {
    clock,
    bus,
    ports: subgraph.ports,
    subgraph,
    async run(query, variables = {}, caller = anonymous()) {
      const document = parse(query);
      const [operation] = document.definitions;
      const kind = operation && 'operation' in operation ? operation.operation : 'query';
      const signal = AbortSignal.timeout(10_000);
      const context = { caller, requestId: 'req_test', deadline: Date.now() + 10_000, signal };
      const response = await subgraph.host.execute({ kind, query, document, variables, context });
      return JSON.parse(JSON.stringify(response)) as Answer;
    },
    async stop() {
      await subgraph.stop();
      await stores.drop();
    },
  };
}

/** A signed-in person of the region in their id. */
export const person = (id: string, changes: Partial<Caller> = {}): Caller => ({
  kind: 'user',
  subject: id,
  roles: ['customer'],
  region: 'eu',
  sessionId: `ses_eu_${id.slice(-6)}`,
  ...changes,
});

export const staff = person('usr_eu_00000000staff', { roles: ['customer', 'staff'] });
export const asService = (name: string): Caller => service(name);

const PROFILE =
  'seller { id name status version feeBps contactEmail } errors { __typename code path ... on VersionConflict { expected actual } ... on AlreadySeller { sellerId } }';
export const APPLY = `mutation ($input: ApplySellerInput!) { applySeller(input: $input) { ${PROFILE} } }`;
export const UPDATE = `mutation ($input: UpdateSellerInput!) { updateSeller(input: $input) { ${PROFILE} } }`;
export const APPROVE = `mutation ($input: ApproveSellerInput!) { approveSeller(input: $input) { ${PROFILE} } }`;
export const SUSPEND = `mutation ($input: SuspendSellerInput!) { suspendSeller(input: $input) { ${PROFILE} } }`;

/** Applies as a person and approves as staff. @returns the seller's id */
export async function approvedSeller(harness: Harness, owner: Caller, name: string): Promise<string> {
  const input = { name, contactEmail: 'shop@example.com' };
  const { data } = await harness.run(APPLY, { input }, owner);
  const { id } = data.applySeller.seller;
  await harness.run(APPROVE, { input: { sellerId: id, expectedVersion: 1 } }, staff);
  return id;
}
