import { silentLog } from '@aisle/platform/log';
import { startRouter } from '../../../router/server/index.ts';
import { type SubgraphName, subgraphSchema } from '../graph/subgraphs.ts';
import { recordedSubgraph } from '../recorded.ts';
import { report } from './report.ts';

/** The whole router as it ships, in production mode; `TRANSPORT` is `http` or `memory`, `DEDUPLICATE` is `on` or `off`. Limits are lifted where the bench queries exceed them. */
function host(name: SubgraphName) {
  const answer = recordedSubgraph(subgraphSchema(name));
  return {
    execute: async ({
      document,
      variables,
    }: {
      document: Parameters<typeof answer>[0];
      variables?: unknown;
    }) => JSON.parse(await answer(document, variables)),
    subscribe: () => Promise.reject(new Error('No subscriptions here')),
  };
}

const names: readonly SubgraphName[] = ['users', 'products', 'inventory', 'reviews'];
const router = await startRouter({
  supergraph: { sdl: process.env.SUPERGRAPH ?? '' },
  port: 0,
  mode: 'production',
  limits: { depth: 100, cost: 1e9, repeats: 1000, fields: 1e6 },
  traffic: { deduplicate: process.env.DEDUPLICATE === 'on', rateLimit: false, shedding: false },
  ...(process.env.TRANSPORT === 'memory'
    ? { hosts: Object.fromEntries(names.map((name) => [name, host(name)])) }
    : {}),
  log: silentLog,
});
report(router.port);
