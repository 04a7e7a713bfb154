import { defineSubgraph } from '@aisle/platform/service';
import { readSellersConfig } from './config.ts';
import { consumed } from './events/consumed.ts';
import { EVENTS } from './events/schemas.ts';
import { resolvers } from './resolvers/index.ts';
import { openPorts } from './store/open.ts';

/** The shops of the marketplace, their approval, and the keys their programs use. */
export default defineSubgraph({
  name: 'sellers',
  root: import.meta.dirname,
  config: readSellersConfig,
  tables: ['outbox'],
  publishes: EVENTS,
  open: openPorts,
  resolvers,
  consumes: consumed,
  background: (ports, platform) => [ports.outbox.relay(platform)],
  ready: async (ports) => {
    await ports.ping();
    return true;
  },
});
