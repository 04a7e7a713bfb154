import type { Clock } from '@aisle/platform/clock';
import { type CryptoKey, importJWK, type JSONWebKeySet } from 'jose';

export type JwksSource = { readonly url: string } | { readonly keys: () => Promise<JSONWebKeySet> };

/** The public keys a token may be signed with, by key id. */
export interface KeySource {
  /** `undefined`: no such key. @throws when the keys could not be fetched and none are known. */
  key(kid: string): Promise<CryptoKey | undefined>;
}

/** Milliseconds the fetched keys count as current. */
const FRESH = 10 * 60_000;
/** Milliseconds between two fetches caused by unknown key ids: a flood of forged tokens is no flood of fetches. */
const COOLDOWN = 15_000;
const FETCH_TIMEOUT = 5_000;
const MAX_KEYS = 32;
const MAX_BYTES = 256 * 1024;

/**
 * Keys from a JWKS, fetched at first use, then every ten minutes, and once for an unknown key id (a rotation), never twice at once.
 * While the source is down the keys known last stay good. Only Ed25519 keys for signatures are taken.
 */
export function createKeySource(source: JwksSource, clock: Clock): KeySource {
  let keys: ReadonlyMap<string, CryptoKey> | undefined;
  let fetchedAt = Number.NEGATIVE_INFINITY;
  let triedAt = Number.NEGATIVE_INFINITY;
  let running: Promise<void> | undefined;

  const refresh = () => {
    triedAt = clock.now();
    running ??= load(source)
      .then((loaded) => {
        keys = loaded;
        fetchedAt = clock.now();
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };

  return {
    async key(kid) {
      if (!keys) await refresh();
      else if (clock.now() - fetchedAt > FRESH && clock.now() - triedAt > COOLDOWN)
        await refresh().catch(() => undefined);
      const known = keys?.get(kid);
      if (known || clock.now() - triedAt <= COOLDOWN) return known;
      await refresh().catch(() => undefined);
      return keys?.get(kid);
    },
  };
}

async function load(source: JwksSource): Promise<Map<string, CryptoKey>> {
  const set = 'keys' in source ? await source.keys() : await fetchKeys(source.url);
  if (!Array.isArray(set?.keys)) throw new Error('The JWKS has no keys.');
  const found = new Map<string, CryptoKey>();
  for (const jwk of set.keys.slice(0, MAX_KEYS)) {
    const usable =
      jwk.kty === 'OKP' &&
      jwk.crv === 'Ed25519' &&
      typeof jwk.kid === 'string' &&
      (jwk.use ?? 'sig') === 'sig';
    if (!usable) continue;
    // Only the public part, whatever the source gives away.
    const { kty, crv, x } = jwk;
    found.set(jwk.kid as string, (await importJWK({ kty, crv, x }, 'EdDSA')) as CryptoKey);
  }
  return found;
}

async function fetchKeys(url: string): Promise<JSONWebKeySet> {
  const response = await fetch(url, {
    redirect: 'error',
    signal: AbortSignal.timeout(FETCH_TIMEOUT),
    headers: { accept: 'application/json' },
  });
  if (!response.ok) throw new Error(`The JWKS answered ${response.status}.`);
  const text = await response.text();
  if (text.length > MAX_BYTES) throw new Error('The JWKS is too large.');
  return JSON.parse(text) as JSONWebKeySet;
}
