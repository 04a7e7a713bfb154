import { defineSubgraph } from '@aisle/platform/service';
import { readInventoryConfig } from './config.ts';
import { consumed } from './events/consumed.ts';
import { EVENTS } from './events/schemas.ts';
import { resolvers } from './resolvers/index.ts';
import { startBackground } from './store/background.ts';
import { openPorts } from './store/open.ts';

/** Stock per region, warehouse and SKU: live counters in Redis, the books in PostgreSQL. */
export const inventory = defineSubgraph({
  name: 'inventory',
  root: import.meta.dirname,
  config: readInventoryConfig,
  publishes: EVENTS,
  open: openPorts,
  resolvers,
  consumes: consumed,
  background: startBackground,
  ready: async (ports) => {
    await ports.ping();
    return true;
  },
});

export default inventory;
