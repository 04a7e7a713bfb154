import { defineSubgraph } from '@aisle/platform/service';
import { readCartConfig } from './config.ts';
import { consumed } from './events/consumed.ts';
import { EVENTS } from './events/schemas.ts';
import { resolvers } from './resolvers/index.ts';
import { startBackground } from './store/background.ts';
import { openPorts } from './store/open.ts';

/** What shoppers are about to buy: one cart a shopper and region, in Redis and PostgreSQL. */
export const cart = defineSubgraph({
  name: 'cart',
  root: import.meta.dirname,
  config: readCartConfig,
  tables: ['outbox', 'inbox'],
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

export default cart;
