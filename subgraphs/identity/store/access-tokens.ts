import { generateKeyPairSync } from 'node:crypto';
import { calculateJwkThumbprint, importJWK, type JWK, SignJWT } from 'jose';
import type { AccessTokens } from './index.ts';

export const ISSUER = 'aisle';
export const AUDIENCE = 'aisle';

/** What may leave the process: never the private part `d`. */
const PUBLIC_PARTS = ['kty', 'crv', 'x', 'kid', 'alg', 'use'] as const;

/** A new Ed25519 private key as JWK JSON, for `IDENTITY_SIGNING_KEY`. */
export function generateSigningKey(): string {
  return JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
}

/**
 * Signs access tokens (RFC 9068). The first key signs; the others are still published, so that tokens they signed are
 * honoured until they expire.
 */
export async function openAccessTokens(keys: readonly JWK[], lifetimeSeconds: number): Promise<AccessTokens> {
  const named = await Promise.all(
    keys.map(async (key) => ({
      alg: 'EdDSA',
      use: 'sig',
      ...key,
      kid: key.kid ?? (await calculateJwkThumbprint(key)),
    })),
  );
  const [signer] = named;
  if (!signer) throw new Error('There is no key to sign access tokens with.');
  const privateKey = await importJWK(signer, 'EdDSA');
  const published = named.map((key) =>
    Object.fromEntries(PUBLIC_PARTS.flatMap((part) => (key[part] === undefined ? [] : [[part, key[part]]]))),
  );

  return {
    lifetime: lifetimeSeconds,
    sign(claims, now) {
      const issuedAt = Math.floor(now / 1_000);
      const { kind, roles, region, sellerId, sessionId, subject } = claims;
      return new SignJWT({
        kind,
        roles: [...roles],
        region,
        sid: sessionId,
        ...(sellerId && { seller: sellerId }),
      })
        .setProtectedHeader({ alg: 'EdDSA', typ: 'at+jwt', kid: signer.kid })
        .setSubject(subject)
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + lifetimeSeconds)
        .sign(privateKey);
    },
    jwks: () => ({ keys: published }),
  };
}
