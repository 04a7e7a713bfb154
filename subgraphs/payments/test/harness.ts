import type { MemoryBus } from '@aisle/platform/bus';
import type { Clock } from '@aisle/platform/clock';
import { type Caller, type Region, service } from '@aisle/platform/identity';
import { newId } from '@aisle/platform/ids';
import { createLog, type Log, silentLog } from '@aisle/platform/log';
import type { RunningSubgraph } from '@aisle/platform/service';
import type { Meter } from '@aisle/platform/telemetry';
import { KEY, type TestPsp, testPsp } from '../../../local/psp/test/kit.ts';
import { type FreshStores, startComponent } from '../../../test/testkit/index.ts';
import { readPaymentsConfig } from '../config.ts';
import { payments } from '../index.ts';
import type { Ports } from '../store/index.ts';
import { startSweeper } from '../store/sweeper.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into answers freely
export type Answer = any;

export const SECRET = 'whsec_component_test';

/** Real time that can be moved on: time-outs are real, what is due after minutes comes at once. */
export interface MovableClock extends Clock {
  advance(ms: number): void;
}

function movableClock(): MovableClock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    advance(ms) {
      ahead += ms;
    },
  };
}

export interface PspOrder {
  intents: { id: string; status: string }[];
  captures: number;
  held: number;
  captured: number;
  refunded: number;
}

export interface Harness {
  readonly kit: TestPsp;
  readonly stores: FreshStores;
  readonly clock: MovableClock;
  readonly bus: MemoryBus;
  readonly meter: Meter;
  readonly lines: string[];
  readonly subgraph: RunningSubgraph<Ports>;
  readonly ports: Ports;
  /** Address of the subgraph's own HTTP routes. */
  readonly url: string;
  run(query: string, variables?: Record<string, unknown>, caller?: Caller): Promise<Answer>;
  authorise(orderId: string, token: string, more?: Record<string, unknown>): Promise<Answer>;
  capture(orderId: string): Promise<Answer>;
  void(orderId: string): Promise<Answer>;
  refund(orderId: string, minor: number, key: string): Promise<Answer>;
  /** What the provider has for an order. */
  atPsp(orderId: string): Promise<PspOrder>;
  /** One round of the sweeper, `afterMs` from now. */
  sweep(afterMs?: number): Promise<number>;
  stop(): Promise<void>;
}

const PAYMENT = `payment { id orderId status amount { currency minor } captured { minor } refunded { minor }
  nextAction { url clientSecret } failure { code message } refunds { amount { minor } status } }
  errors { __typename code message path }`;

export const ORDERS = service('orders');
export const USER = 'usr_eu_01jtestbuyer0001';
export const newOrder = (region: Region = 'eu') => newId('ord', region);

export interface HarnessOptions {
  readonly env?: Record<string, string>;
  /** Sends the provider's webhooks to the subgraph. @default false */
  readonly webhooks?: boolean;
}

/** The payments context on real stores and the emulator, called as orders and the router call it. */
export async function startPayments(options: HarnessOptions = {}): Promise<Harness> {
  const kit = await testPsp({ webhook: { secret: SECRET } });
  const clock = movableClock();
  const lines: string[] = [];
  const log: Log = process.env.VERBOSE
    ? createLog('payments')
    : createLog('payments', { destination: { write: (line) => void lines.push(line) } });
  const env = {
    STRIPE_SECRET_KEY: KEY,
    STRIPE_WEBHOOK_SECRET: SECRET,
    STRIPE_API_URL: kit.psp.url,
    PAYMENTS_PROVIDER_TIMEOUT_MS: '300',
    PAYMENTS_SWEEP_MS: '60000',
    ...options.env,
  };
  const component = await startComponent(payments, { env, log, clock });
  const { subgraph, meter, stores } = component;
  const http = await subgraph.listen({ port: 0, envelopeKey: 'x'.repeat(43) });
  const url = http.url.replace('/graphql', '');
  if (options.webhooks) await toEndpoint(kit, `${url}/webhooks/stripe`);

  const run: Harness['run'] = (query, variables, caller = ORDERS) => component.run(query, variables, caller);
  const command = async (name: string, type: string, input: object): Promise<Answer> => {
    const answer = await run(`mutation ($input: ${type}!) { ${name}(input: $input) { ${PAYMENT} } }`, {
      input,
    });
    if (answer.errors) throw new Error(JSON.stringify(answer.errors));
    return answer.data[name];
  };
  const regional = (orderId: string) => ({ orderId, region: orderId.slice(4, 6).toUpperCase() });

  return {
    kit,
    stores,
    clock,
    bus: component.bus,
    meter,
    lines,
    subgraph,
    ports: subgraph.ports,
    url,
    run,
    authorise: (orderId, paymentMethod, more = {}) =>
      command('authorisePayment', 'AuthorisePaymentInput', {
        ...regional(orderId),
        userId: USER,
        amount: { currency: 'EUR', minor: 2_599 },
        paymentMethod,
        ...more,
      }),
    capture: (orderId) => command('capturePayment', 'PaymentOrderInput', regional(orderId)),
    void: (orderId) => command('voidPayment', 'PaymentOrderInput', regional(orderId)),
    refund: (orderId, minor, key) =>
      command('refundPayment', 'RefundPaymentInput', {
        ...regional(orderId),
        amount: { currency: 'EUR', minor },
        reason: 'test',
        key,
      }),
    atPsp: async (orderId) =>
      (await (await fetch(`${kit.psp.url}/_test/orders/${orderId}`)).json()) as PspOrder,
    async sweep(afterMs = 0) {
      clock.advance(afterMs);
      const sweeper = startSweeper(subgraph.ports, subgraph.platform, readPaymentsConfig(component.env));
      try {
        return await sweeper.sweep();
      } finally {
        await sweeper.stop();
      }
    },
    async stop() {
      await component.stop();
      await kit.stop();
    },
  };
}

async function toEndpoint(kit: TestPsp, url: string): Promise<void> {
  await fetch(`${kit.psp.url}/_test/webhook`, { method: 'POST', body: JSON.stringify({ url }) });
}

/** Events of an order that have been handed to the outbox, oldest first. */
export async function eventsOf({ subgraph }: Harness, orderId: string): Promise<string[]> {
  const rows = await subgraph.platform
    .databases()
    .of(orderId.slice(4, 6) as Region)
    .query<{ type: string }>(
      `SELECT type FROM outbox WHERE event::jsonb -> 'data' ->> 'orderId' = $1 ORDER BY seq`,
      [orderId],
    );
  return rows.map((row) => row.type.replace('.v1', ''));
}

export { silentLog };
