import { defineSubgraph } from '@aisle/platform/service';
import { readIdentityConfig } from './config.ts';
import { consumed } from './events/consumed.ts';
import { EVENTS } from './events/schemas.ts';
import { resolvers } from './resolvers/index.ts';
import { jwksRoute } from './resolvers/jwks-route.ts';
import { openPorts } from './store/open.ts';
import { startSweeper } from './store/sweeper.ts';

/** Accounts, sessions, tokens, addresses and roles. `ports.accessTokens.jwks()` are the keys a router verifies with. */
export default defineSubgraph({
  name: 'identity',
  root: import.meta.dirname,
  config: readIdentityConfig,
  tables: ['outbox', 'inbox'],
  publishes: EVENTS,
  open: openPorts,
  resolvers,
  consumes: consumed,
  background: (ports, platform) => [ports.outbox.relay(platform), startSweeper(ports, platform)],
  routes: (ports) => ({ 'GET /.well-known/jwks.json': jwksRoute(ports) }),
  ready: async (ports) => {
    await ports.ping();
    return true;
  },
});
