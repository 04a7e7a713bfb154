import { type Env, readConfig, z } from '@aisle/platform/config';

const privateKey = z.looseObject({
  kty: z.literal('OKP'),
  crv: z.literal('Ed25519'),
  x: z.string().regex(/^[\w-]{43}$/),
  d: z.string().regex(/^[\w-]{43}$/),
  kid: z.string().min(1).max(100).optional(),
});
const publicKey = privateKey.partial({ d: true });

/** One JWK, a list of them, or a JWK set: the first signs, the others are only published. */
const signingKeys = z
  .string()
  .transform((text, context) => {
    try {
      const value = JSON.parse(text) as unknown;
      if (Array.isArray(value)) return value as unknown[];
      const keys = (value as { keys?: unknown } | null)?.keys;
      return Array.isArray(keys) ? (keys as unknown[]) : [value];
    } catch {
      context.addIssue('is not JSON');
      return z.NEVER;
    }
  })
  .pipe(z.tuple([privateKey], publicKey));

const schema = z
  .object({
    // Unset means production: a forgotten variable must not open the door.
    NODE_ENV: z.string().default('production'),
    IDENTITY_SIGNING_KEY: signingKeys.optional(),
    IDENTITY_EMAIL_KEY: z.string().min(32, 'has at least 32 characters').optional(),
    IDENTITY_ACCESS_TOKEN_SECONDS: z.coerce.number().int().min(30).max(3_600).default(900),
    IDENTITY_HASHES_AT_ONCE: z.coerce.number().int().min(1).max(64).default(2),
    IDENTITY_HASHES_WAITING: z.coerce.number().int().min(0).max(10_000).default(500),
    IDENTITY_LOGIN_TRIES: z.coerce.number().int().min(1).max(1_000).default(10),
    IDENTITY_LOGIN_TRIES_PER_ACCOUNT: z.coerce.number().int().min(1).max(10_000).default(50),
    IDENTITY_LOGIN_WINDOW_SECONDS: z.coerce.number().int().min(1).max(86_400).default(900),
  })
  .superRefine((env, context) => {
    if (env.NODE_ENV === 'development' || env.NODE_ENV === 'test') return;
    for (const name of ['IDENTITY_SIGNING_KEY', 'IDENTITY_EMAIL_KEY'] as const) {
      if (env[name] === undefined)
        context.addIssue({ code: 'custom', path: [name], message: 'is required outside development' });
    }
  })
  .transform((env) => ({
    /** Absent in development only: then a key is made at start. */
    signingKeys: env.IDENTITY_SIGNING_KEY,
    /** Key of the e-mail hashes. Changing it makes every account unfindable by e-mail. */
    emailKey: env.IDENTITY_EMAIL_KEY ?? 'development-only-key-of-the-e-mail-directory',
    accessTokenSeconds: env.IDENTITY_ACCESS_TOKEN_SECONDS,
    passwords: { concurrency: env.IDENTITY_HASHES_AT_ONCE, queue: env.IDENTITY_HASHES_WAITING },
    attempts: {
      perAddress: env.IDENTITY_LOGIN_TRIES,
      perAccount: env.IDENTITY_LOGIN_TRIES_PER_ACCOUNT,
      windowSeconds: env.IDENTITY_LOGIN_WINDOW_SECONDS,
    },
  }));

export type Config = z.output<typeof schema>;

/** @throws ConfigError naming every variable that is missing or wrong. */
export const readIdentityConfig = (env: Env): Config => readConfig('identity', schema, env);
