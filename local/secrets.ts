import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A file of AISLE_HOME/secrets: made on first use by `make`, readable by its owner only, then kept. */
export function homeFile(home: string, name: string, make: () => string): string {
  const folder = join(home, 'secrets');
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (!existsSync(path)) {
    // Linked into place whole, so that two starters at once end up with the same secret.
    const fresh = `${path}.${process.pid}`;
    writeFileSync(fresh, make(), { mode: 0o600 });
    try {
      linkSync(fresh, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    rmSync(fresh, { force: true });
  }
  return readFileSync(path, 'utf8');
}

/** 256 random bits in base64url, one per home and name. */
export function homeSecret(home: string, name: string): string {
  return homeFile(home, name, () => randomBytes(32).toString('base64url'));
}

/** An Ed25519 key pair as JWK, for signing access tokens. */
function signingKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: randomBytes(8).toString('hex') });
}

/**
 * The keys of one home as the environment of its processes, made at its first start and kept.
 * What the caller's environment gives is taken instead.
 */
export function secretsEnv(home: string, given: NodeJS.ProcessEnv): Record<string, string> {
  const env: Record<string, string> = {
    AISLE_ENVELOPE_KEY: homeSecret(home, 'envelope'),
    IDENTITY_SIGNING_KEY: homeFile(home, 'signing-key.json', signingKey),
    IDENTITY_EMAIL_KEY: homeSecret(home, 'email-directory'),
    STRIPE_SECRET_KEY: `sk_test_${homeSecret(home, 'psp')}`,
    STRIPE_WEBHOOK_SECRET: `whsec_${homeSecret(home, 'psp-webhook')}`,
  };
  for (const name of Object.keys(env)) if (given[name]) env[name] = given[name];
  return env;
}
