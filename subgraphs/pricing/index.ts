import { defineSubgraph } from '@aisle/platform/service';
import { readPricingConfig } from './config.ts';
import { consumed } from './events/consumed.ts';
import { EVENTS } from './events/schemas.ts';
import { resolvers } from './resolvers/index.ts';
import { openPorts } from './store/open.ts';
import { sweepQuotes } from './store/sweep.ts';

/** What goods cost in each region, with tax, and the quotes that orders are placed on. */
export const pricing = defineSubgraph({
  name: 'pricing',
  root: import.meta.dirname,
  config: readPricingConfig,
  tables: ['outbox', 'inbox', 'idempotency'],
  publishes: EVENTS,
  open: openPorts,
  resolvers,
  consumes: consumed,
  background: (ports, platform) => [ports.outbox.relay(platform), sweepQuotes(ports, platform)],
  ready: async (ports) => {
    await ports.ping();
    return true;
  },
});

export default pricing;
