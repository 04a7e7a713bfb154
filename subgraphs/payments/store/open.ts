import { createPostgresOutbox } from '@aisle/platform/outbox';
import type { Platform } from '@aisle/platform/service';
import { allOutspoken } from '@aisle/platform/stores';
import type { Config } from '../config.ts';
import type { PaymentProvider, Ports } from './index.ts';
import { createLedger } from './ledger.ts';
import { postgresMethods } from './postgres-methods.ts';
import { postgresPayments } from './postgres-payments.ts';
import { createRecent } from './recent.ts';
import { createRefunding } from './refunding.ts';
import { createSettlement } from './settlement.ts';
import { stripeProvider } from './stripe-provider.ts';
import { stripeWebhooks } from './webhook-verifier.ts';

/** The adapters behind the ports of payments. */
export async function openPorts(platform: Platform, config: Config): Promise<Ports> {
  const { clock, meter } = platform;
  const { url, key } = config.stripe;
  const limits = { timeoutMs: config.providerTimeoutMs, concurrency: config.providerConcurrency };
  const provider = stripeProvider({ url, key, ...limits, clock, meter });
  platform.onStop('payment provider', () => provider.close());
  return portsWith(provider, platform, config);
}

/** The ports around any provider. */
export function portsWith(provider: PaymentProvider, platform: Platform, config: Config): Ports {
  const { clock, log, meter } = platform;
  const databases = allOutspoken(platform.databases(), 'Payments cannot be reached just now. Try again.');
  const outbox = createPostgresOutbox(platform.name, databases);
  const payments = postgresPayments(databases, clock);
  const recent = createRecent();
  const ledger = createLedger({ payments, outbox, clock, recent });
  return {
    payments,
    methods: postgresMethods(databases),
    provider,
    ledger,
    recent,
    settlement: createSettlement({ payments, ledger, provider, clock, log, meter }),
    refunding: createRefunding({ payments, ledger, provider, outbox, clock, log }),
    webhooks: stripeWebhooks(config.stripe.webhookSecret),
    outbox,
    returnUrl: config.returnUrl,
    clock,
    log,
    ping: async () => {
      await Promise.all(databases.all.map((database) => database.query('SELECT 1')));
    },
  };
}
