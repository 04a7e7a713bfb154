import { silentLog } from '@aisle/platform/log';
import { composeSubgraphs } from '../../../router/compose/index.ts';
import { startRouter } from '../../../router/server/index.ts';
import { report } from './report.ts';

/** The whole router with one subgraph of its own process that pushes the time ten times a second to whoever subscribes. */
const EVERY_MS = 100;
const sdl =
  'extend schema @link(url: "https://specs.apollo.dev/federation/v2.3") type Query { now: Float } type Subscription { tick: Tick! } type Tick { sentAt: Float! }';
const { supergraphSdl } = composeSubgraphs([
  { name: 'ticker', url: 'http://127.0.0.1/', file: 'ticker', sdl },
]);

async function* ticks(signal: AbortSignal) {
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    yield { data: { tick: { __typename: 'Tick', sentAt: performance.timeOrigin + performance.now() } } };
  }
}

const router = await startRouter({
  supergraph: { sdl: supergraphSdl },
  port: 0,
  mode: 'production',
  hosts: {
    ticker: {
      execute: async () => ({ data: { now: Date.now() } }),
      subscribe: async ({ context }) => ticks(context.signal),
    },
  },
  traffic: { rateLimit: false, shedding: false },
  log: silentLog,
});
report(router.port);
