import { defineSubgraph } from '@aisle/platform/service';
import { readOrdersConfig } from './config.ts';
import { consumed } from './events/consumed.ts';
import { EVENTS } from './events/schemas.ts';
import { resolvers } from './resolvers/index.ts';
import { startBackground } from './store/background.ts';
import { openPorts } from './store/open.ts';

/** Checkout, orders and their life. It orchestrates the others and is asked by none. */
export const orders = defineSubgraph({
  name: 'orders',
  root: import.meta.dirname,
  config: readOrdersConfig,
  tables: ['outbox', 'inbox', 'idempotency', 'saga'],
  open: openPorts,
  resolvers,
  publishes: EVENTS,
  consumes: consumed,
  background: startBackground,
  ready: async (ports) => {
    await ports.ping();
    return true;
  },
});

export default orders;
