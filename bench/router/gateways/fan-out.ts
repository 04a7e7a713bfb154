import { silentLog } from '@aisle/platform/log';
import { startRouter } from '../../../router/server/index.ts';
import { report } from './report.ts';

/** The whole router as it ships, in production mode, over a subgraph that serves subscriptions as server-sent events. */
const router = await startRouter({
  supergraph: { sdl: process.env.SUPERGRAPH ?? '' },
  port: 0,
  mode: 'production',
  subgraphs: { all: { subscriptions: 'sse' } },
  traffic: { rateLimit: false, shedding: false },
  log: silentLog,
});
report(router.port);
