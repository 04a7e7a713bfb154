import { defineSubgraph } from '@aisle/platform/service';
import { readCatalogueConfig } from './config.ts';
import { consumed } from './events/consumed.ts';
import { EVENTS } from './events/schemas.ts';
import { resolvers } from './resolvers/index.ts';
import { mediaRoute } from './resolvers/media-route.ts';
import { openPorts } from './store/open.ts';

/** Products, variants, categories, brands and their pictures. */
export const catalogue = defineSubgraph({
  name: 'catalogue',
  root: import.meta.dirname,
  config: readCatalogueConfig,
  publishes: EVENTS,
  open: openPorts,
  resolvers,
  consumes: consumed,
  background: (ports) => ports.background(),
  routes: (ports) => ({ 'GET /media/*': mediaRoute(ports), 'HEAD /media/*': mediaRoute(ports) }),
  ready: async (ports) => {
    await ports.store.ping();
    return true;
  },
});

export default catalogue;
