import { defineSubgraph } from '@aisle/platform/service';
import { readPaymentsConfig } from './config.ts';
import { consumed } from './events/consumed.ts';
import { EVENTS } from './events/schemas.ts';
import { resolvers } from './resolvers/index.ts';
import { stripeWebhookRoute } from './resolvers/stripe-webhook-route.ts';
import { openPorts } from './store/open.ts';
import { startSweeper } from './store/sweeper.ts';

/** Holds, takes and gives back money through the payment provider: every order at most once. */
export const payments = defineSubgraph({
  name: 'payments',
  root: import.meta.dirname,
  config: readPaymentsConfig,
  tables: ['outbox', 'inbox'],
  // What was asked of the provider, for support: longer than any card scheme lets a charge be disputed.
  prunes: [{ table: 'attempts', until: "at < now() - interval '180 days'", where: 'regional' }],
  publishes: EVENTS,
  open: openPorts,
  resolvers,
  consumes: consumed,
  background: (ports, platform, config) => [
    ports.outbox.relay(platform),
    startSweeper(ports, platform, config),
  ],
  routes: (ports) => ({ 'POST /webhooks/stripe': stripeWebhookRoute(ports) }),
  ready: async (ports) => {
    await ports.ping();
    return true;
  },
});

export default payments;
