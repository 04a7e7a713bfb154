import type { AisleEvent, Bus, EventHandler } from '@aisle/platform/bus';
import type { Caller, Region } from '@aisle/platform/identity';
import { silentLog } from '@aisle/platform/log';
import { type Commands, startSubgraph } from '@aisle/platform/service';
import { createMeter } from '@aisle/platform/telemetry';
import orders from '../index.ts';

/** A bus that keeps what is published, and hands a test's events to the consumer. */
export function testBus() {
  const published: AisleEvent[] = [];
  let handler: EventHandler = async () => {};
  const bus: Bus = {
    publish: async (_, events) => void published.push(...events),
    consume: (_, given) => {
      handler = given;
      return { stop: async () => {} };
    },
    close: async () => {},
  };
  return { bus, published, deliver: (event: AisleEvent) => handler(event) };
}

export function buyer(name: string, region: Region = 'eu', more: Partial<Caller> = {}): Caller {
  return { kind: 'user', subject: `usr_${region}_${name}`, roles: ['customer'], region, ...more };
}

export interface Answer {
  // biome-ignore lint/suspicious/noExplicitAny: tests read what they asked for
  readonly data?: any;
  readonly errors?: readonly { readonly message: string; readonly extensions?: { readonly code?: string } }[];
}

/** Orders on a test's stores, with the other contexts played by `commands`. */
export async function startOrders(env: Record<string, string>, commands: Commands, log = silentLog) {
  const { bus, published, deliver } = testBus();
  const meter = createMeter();
  const running = await startSubgraph(orders, { env, log, meter, bus, commands, maxConnections: 4 });
  const context = (caller: Caller, timeoutMs: number) => ({
    caller,
    requestId: 'req_test',
    deadline: Date.now() + timeoutMs,
    signal: new AbortController().signal,
  });
  const request = (query: string, variables: Record<string, unknown>, caller: Caller, timeoutMs: number) => {
    const document = running.host.prepare(query);
    if (Array.isArray(document)) throw document[0];
    return { query, document: document as never, variables, context: context(caller, timeoutMs) };
  };
  return {
    ...running,
    published,
    deliver,
    meter,
    async ask(
      caller: Caller,
      query: string,
      variables: Record<string, unknown> = {},
      timeoutMs = 15_000,
    ): Promise<Answer> {
      const kind = query.trimStart().startsWith('mutation') ? 'mutation' : 'query';
      const answer = await running.host.execute({ kind, ...request(query, variables, caller, timeoutMs) });
      return JSON.parse(JSON.stringify(answer)) as Answer;
    },
    follow: (caller: Caller, query: string, variables: Record<string, unknown> = {}) =>
      running.host.subscribe({ kind: 'subscription', ...request(query, variables, caller, 60_000) }),
  };
}

export type RunningOrders = Awaited<ReturnType<typeof startOrders>>;

export const PLACE = `mutation Place($input: PlaceOrderInput!) { placeOrder(input: $input) {
  order { id status version total { currency minor } fee { minor } failure { code } cancelReason
    lines { sku title quantity total { minor } seller { id } variant { sku } }
    sellerOrders { id seller { id } net { minor } tax { minor } discount { minor } fee { minor } share { minor } lines { sku } } }
  errors { __typename code path
    ... on PriceChanged { quote { id } } ... on InsufficientStock { sku available } ... on ProductWithdrawn { sku }
    ... on PaymentDeclined { declineCode } ... on PaymentActionRequired { url clientSecret } } } }`;

export const CANCEL = `mutation Cancel($input: CancelOrderInput!) { cancelOrder(input: $input) {
  order { id status version cancelReason } errors { __typename code } } }`;
