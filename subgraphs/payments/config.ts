import { type Env, readConfig, z } from '@aisle/platform/config';

const LOOPBACK = /^(127\.\d+\.\d+\.\d+|localhost|\[::1\])$/;

const schema = z
  .object({
    STRIPE_SECRET_KEY: z.string().regex(/^(sk|rk)_/, 'is a secret key of the payment provider (sk_…)'),
    STRIPE_WEBHOOK_SECRET: z.string().min(8, 'is the signing secret of the webhook endpoint (whsec_…)'),
    STRIPE_API_URL: z.url({ protocol: /^https?$/ }).default('https://api.stripe.com'),
    PAYMENTS_RETURN_URL: z.url({ protocol: /^https?$/ }).optional(),
    PAYMENTS_PROVIDER_TIMEOUT_MS: z.coerce.number().int().min(50).max(60_000).default(2_000),
    PAYMENTS_PROVIDER_CONCURRENCY: z.coerce.number().int().min(1).max(1_000).default(48),
    PAYMENTS_SWEEP_MS: z.coerce.number().int().min(50).max(60_000).default(1_000),
  })
  .superRefine((env, context) => {
    const { protocol, hostname } = new URL(env.STRIPE_API_URL);
    if (protocol === 'https:' || LOOPBACK.test(hostname)) return;
    context.addIssue({
      code: 'custom',
      path: ['STRIPE_API_URL'],
      message: 'must be https, except on this machine',
    });
  })
  .transform((env) => ({
    stripe: {
      url: new URL(env.STRIPE_API_URL),
      key: env.STRIPE_SECRET_KEY,
      webhookSecret: env.STRIPE_WEBHOOK_SECRET,
    },
    /** Where a bank sends buyers back to when the order does not say. A real provider needs one of the two for its redirects. */
    returnUrl: env.PAYMENTS_RETURN_URL ?? null,
    /** Milliseconds for one try; all tries of a question may take twice that. */
    providerTimeoutMs: env.PAYMENTS_PROVIDER_TIMEOUT_MS,
    /** Questions to the provider at once; as many connections are kept. */
    providerConcurrency: env.PAYMENTS_PROVIDER_CONCURRENCY,
    /** Milliseconds between two looks for payments left open. */
    sweepMs: env.PAYMENTS_SWEEP_MS,
  }));

export type Config = z.output<typeof schema>;

/** @throws ConfigError naming every variable that is missing or wrong. */
export const readPaymentsConfig = (env: Env): Config => readConfig('payments', schema, env);
